"""Kinds of models: the list, one kind with its sites, new kinds, other spellings, merging."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.types import AliasForm, MergeForm, TypeFilter, TypeForm
from apps.programs.models import MinistryReferral, ModelSite, ModelType, ModelTypeAlias
from apps.programs.queries.chain import look_of
from apps.programs.queries.types import (
    family_of,
    merge_clashes,
    operating_counts,
    similar_types,
    type_in_use,
)
from apps.programs.services.refusals import RegisterRefused
from apps.programs.services.types import (
    add_alias,
    change_type,
    create_type,
    merge_types,
    remove_alias,
    undo_merge,
)
from apps.units.permissions import permissions_for, requires, user_of
from apps.units.queries import names_of

_A_PAGE = 30


@requires(Permission.REGISTER_VIEW)
def types(request: HttpRequest) -> HttpResponse:
    """List the kinds of models with how many sites of the reader's scope work."""
    by, on = user_of(request), timezone.localdate()
    form = TypeFilter(request.GET)
    found = form.narrowed(ModelType.objects.in_use().select_related("field"))
    page = Paginator(found.prefetch_related("aliases"), _A_PAGE).get_page(request.GET.get("trang"))
    shown = list(page.object_list)
    sites = ModelSite.objects.visible_to(by, on)
    counts = operating_counts([row.pk for row in shown], sites, on)
    context = {
        "form": form,
        "rows": [(row, counts.get(row.pk, 0)) for row in shown],
        "page": page,
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("field")),
        "rights": permissions_for(by, on),
    }
    return render_page_or_part(request, "programs/types.html", context, part="types")


@requires(Permission.REGISTER_VIEW)
def type_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one kind: what it is called, where it works, what the Ministry was told of it."""
    by, on = user_of(request), timezone.localdate()
    rows = ModelType.objects.select_related("field", "merged_into", "created_by")
    kind = get_object_or_404(rows, pk=pk)
    sites = ModelSite.objects.visible_to(by, on).filter(model_type=kind)
    page = Paginator(sites.order_by("sort_key", "pk"), _A_PAGE).get_page(request.GET.get("trang"))
    names = names_of({site.unit_id for site in page.object_list}, on)
    referrals = MinistryReferral.objects.filter(model_type__in=family_of(kind))
    context = {
        "type": kind,
        "goes_on_as": type_in_use(kind) if kind.merged_into else None,
        "aliases": kind.aliases.order_by("name_key"),
        "merged": kind.merged.order_by("sort_key", "pk"),
        "rows": [(s, names.get(s.unit_id, ""), look_of(s.state)) for s in page.object_list],
        "page": page,
        "n_operating": operating_counts([pk], sites, on).get(pk, 0),
        "referrals": referrals.order_by("-sent_on", "-pk"),
        "rights": permissions_for(by, on),
        "alias_form": AliasForm(),
    }
    return render_page_or_part(request, "programs/type.html", context)


@requires(Permission.REGISTER_ENTER)
def type_add(request: HttpRequest) -> HttpResponse:
    """Open a new kind, once the names that are like it were looked at."""
    typed = request.POST if request.method == "POST" else None
    form = TypeForm(typed, initial={"name": request.GET.get("name", "")[:200]})
    if form.is_valid():
        try:
            made = create_type(new=form.new_type(), by=user_of(request), at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, f"Đã thêm loại mô hình “{made.name}”.")
            return redirect("programs:type", pk=made.pk)
    context = {"form": form, "type": None, "similar": form.similar}
    return render_page_or_part(request, "programs/type_form.html", context)


@requires(Permission.REGISTER_MANAGE)
def type_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a kind; its old name stays findable."""
    kind = get_object_or_404(ModelType.objects.in_use(), pk=pk)
    typed = request.POST if request.method == "POST" else None
    names = ("name", "field", "host_kind", "description", "source")
    form = TypeForm(typed, known=kind, initial={name: getattr(kind, name) for name in names})
    if form.is_valid():
        try:
            change_type(
                model_type=kind, new=form.new_type(), by=user_of(request), at=timezone.now()
            )
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, "Đã lưu loại mô hình.")
            return redirect("programs:type", pk=pk)
    context = {"form": form, "type": kind, "similar": form.similar}
    return render_page_or_part(request, "programs/type_form.html", context)


@requires(Permission.REGISTER_VIEW)
def similar(request: HttpRequest) -> HttpResponse:
    """Answer with the kinds whose names are like what is being typed."""
    typed = request.GET.get("name", "")[:200]
    own = request.GET.get("cua", "")
    found = [row for row in similar_types(typed) if str(row.pk) != own]
    context = {"similar": found, "form": TypeForm()}
    return render_page_or_part(request, "programs/_type_similar.html", context)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def alias_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a kind be found under one more spelling."""
    kind = get_object_or_404(ModelType.objects.in_use(), pk=pk)
    form = AliasForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            alias = add_alias(model_type=kind, name=name, by=user_of(request), at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, f"Đã thêm tên gọi “{alias.name}”.")
            return redirect("programs:type", pk=pk)
    return render_page_or_part(request, "programs/type_alias.html", {"form": form, "type": kind})


@require_POST
@requires(Permission.REGISTER_MANAGE)
def alias_remove(request: HttpRequest, pk: int, alias_pk: int) -> HttpResponse:
    """Take back a spelling."""
    rows = ModelTypeAlias.objects.select_related("model_type")
    alias = get_object_or_404(rows, pk=alias_pk, model_type_id=pk)
    remove_alias(alias=alias, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã bỏ tên gọi “{alias.name}”.")
    return redirect("programs:type", pk=pk)


@requires(Permission.REGISTER_MANAGE)
def type_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the kind to merge into, look at what would happen, merge."""
    kind = get_object_or_404(ModelType.objects.in_use(), pk=pk)
    query = request.POST if request.method == "POST" else request.GET
    form = MergeForm(query if "target" in query else None)
    target = form.cleaned_data["target"] if form.is_valid() else None
    if target == kind:
        form.add_error("target", "Hãy chọn một loại mô hình khác.")
        target = None
    if request.method == "POST" and target:
        try:
            merge_types(source=kind, target=target, by=user_of(request), at=timezone.now())
        except RegisterRefused as error:
            form.refuse(error)
        else:
            messages.success(request, f"Đã gộp “{kind.name}” vào “{target.name}”.")
            return redirect("programs:type", pk=target.pk)
    context = {"form": form, "type": kind, "target": target} | _merge_preview(kind, target)
    return render_page_or_part(request, "programs/type_merge.html", context)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def type_unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    kind = get_object_or_404(ModelType, pk=pk, merged_into__isnull=False)
    try:
        n_sites = undo_merge(source=kind, by=user_of(request), at=timezone.now())
    except RegisterRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã tách lại “{kind.name}” với {n_sites} điểm.")
    return redirect("programs:type", pk=pk)


def _merge_preview(kind: ModelType, target: ModelType | None) -> dict[str, object]:
    """Return what a merge would do, and what stands in its way."""
    names = ModelType.objects.in_use().exclude(pk=kind.pk).order_by("sort_key")
    context: dict[str, object] = {"names": names.values_list("name", flat=True)}
    if target is None:
        return context
    clashes = merge_clashes(kind, target)
    units = names_of({site.unit_id for site in clashes}, timezone.localdate())
    return context | {
        "n_sites": kind.sites.filter(removed_at=None).count(),
        "spellings": [kind.name, *kind.aliases.values_list("name", flat=True)],
        "clashes": [(site, units.get(site.unit_id, "")) for site in clashes],
    }
