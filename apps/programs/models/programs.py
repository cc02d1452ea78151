"""Programmes (chương trình, kế hoạch): papers that units must carry out, and their targets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from apps.accounts.rules import Permission
from apps.programs.rules import Level, ProgramKind, ProgramState, TargetSign
from apps.units.permissions import inherited_unit_ids, scope_unit_ids

if TYPE_CHECKING:
    from apps.accounts.models import User


WITHDRAWN_SAYS_WHY = Q(withdrawn_at=None, withdrawn_reason="") | (
    Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")
)


class ProgramQuerySet(models.QuerySet["Program"]):
    """Chains of conditions on programmes."""

    def visible_to(
        self, user: User, on: date, permission: Permission = Permission.REGISTER_VIEW
    ) -> ProgramQuerySet:
        """Keep what units in scope issued or take part in, and what was sent to one of them.

        What an ended unit issued is read by the one that it passed into.
        """
        scope = scope_unit_ids(user, on, permission)
        mine = Q(unit_id__in=scope) | Q(
            pk__in=ProgramParty.objects.filter(unit_id__in=scope).values("program_id")
        )
        received = ProgramRecipient.objects.filter(unit_id__in=scope).values("program_id")
        of_the_past = Q(unit_id__in=inherited_unit_ids(user, on, permission))
        others = Q(pk__in=received) | of_the_past
        return self.filter(mine | (others & ~Q(state=ProgramState.DRAFT)))

    def in_force(self, on: date) -> ProgramQuerySet:
        """Keep what holds on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


class Program(models.Model):
    """A directive, plan, campaign or coordination programme (chỉ thị, kế hoạch, quy chế)."""

    kind = models.CharField("loại", max_length=12, choices=ProgramKind.choices)
    title = models.CharField("trích yếu", max_length=300)
    title_key = models.CharField(max_length=300, editable=False)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành")
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị theo dõi"
    )
    valid_from = models.DateField("có hiệu lực từ ngày")
    valid_to = models.DateField(
        "hết hiệu lực từ ngày", null=True, blank=True, help_text="Ngày đầu tiên không còn hiệu lực."
    )
    summary = models.TextField("nội dung chính", blank=True)
    plan_due_on = models.DateField("hạn gửi kế hoạch", null=True, blank=True)
    interim_due_on = models.DateField("hạn báo cáo sơ kết", null=True, blank=True)
    final_due_on = models.DateField("hạn báo cáo tổng kết", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=6, choices=ProgramState.choices, default=ProgramState.DRAFT
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
        verbose_name="thay thế văn bản",
    )
    withdrawn_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "lý do thu hồi", max_length=300, blank=True, default="", db_default=""
    )
    lock_version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("ghi lúc")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = "chương trình, kế hoạch"
        verbose_name_plural = "chương trình, kế hoạch"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ProgramKind.values), name="program_kind_known"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="program_level_known"),
            models.CheckConstraint(
                condition=Q(state__in=ProgramState.values), name="program_state_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="program_title_given"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="program_valid_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(interim_due_on=None)
                | Q(final_due_on=None)
                | Q(interim_due_on__lt=F("final_due_on")),
                name="program_interim_before_final",
                violation_error_message="Hạn sơ kết phải trước hạn tổng kết.",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgramState.DRAFT) | Q(sent_at__isnull=False),
                name="program_sent_with_time",
            ),
            models.CheckConstraint(condition=WITHDRAWN_SAYS_WHY, name="program_withdrawn_says_why"),
            models.CheckConstraint(
                condition=Q(state=ProgramState.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(state=ProgramState.WITHDRAWN) & Q(withdrawn_at=None),
                name="program_withdrawn_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("pk")),
                name="program_replaces_another",
            ),
            ExclusionConstraint(
                name="program_replaced_once",
                expressions=[("replaces", RangeOperators.EQUAL)],
                condition=~Q(state=ProgramState.DRAFT),
                violation_error_message="Văn bản này đã có văn bản khác thay thế.",
            ),
            models.UniqueConstraint(
                fields=["issuer", "number", "issued_on"],
                condition=~Q(number=""),
                name="program_number_once",
                violation_error_message="Văn bản số này của cơ quan này đã được ghi.",
            ),
        ]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="program_by_day")]

    def __str__(self) -> str:
        """Name the programme with its number."""
        return f"{self.number} {self.title}".strip()


class ProgramParty(models.Model):
    """An organisation that coordinates in a programme beside the one that follows it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )

    class Meta:
        verbose_name = "đơn vị phối hợp"
        verbose_name_plural = "đơn vị phối hợp"
        constraints = [
            models.UniqueConstraint(fields=["program", "unit"], name="program_party_once"),
        ]
        indexes = [models.Index(fields=["unit", "program"], name="program_party_of_unit")]

    def __str__(self) -> str:
        """Say who takes part."""
        return f"{self.unit_id} @ {self.program_id}"


class StoredAttachment(models.Model):
    """A file kept by its hash beside a row."""

    title = models.CharField("nội dung", max_length=200)
    name = models.CharField("tên tệp", max_length=120)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Give number and title."""
        return f"#{self.pk} {self.title}"


class SentAttachment(StoredAttachment):
    """A file that others may have read: it is withdrawn with a reason and stays on record."""

    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(
        "lý do rút", max_length=300, blank=True, default="", db_default=""
    )

    class Meta:
        abstract = True


class ProgramFile(SentAttachment):
    """A paper attached to a programme."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="files")

    class Meta:
        verbose_name = "văn bản kèm theo"
        verbose_name_plural = "văn bản kèm theo"
        constraints = [
            models.UniqueConstraint(fields=["program", "sha256"], name="program_file_once"),
            models.CheckConstraint(
                condition=WITHDRAWN_SAYS_WHY, name="program_file_withdrawn_says_why"
            ),
        ]


class ProgramRecipient(models.Model):
    """A unit that a programme was sent to, and what it has done since: received, plan, launch."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )
    sent_at = models.DateTimeField("gửi lúc")
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    received_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    plan_number = models.CharField("số kế hoạch của đơn vị", max_length=60, blank=True)
    plan_on = models.DateField("ngày kế hoạch", null=True, blank=True)
    launched_on = models.DateField("ngày phát động", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "đơn vị nhận"
        verbose_name_plural = "đơn vị nhận"
        constraints = [
            models.UniqueConstraint(fields=["program", "unit"], name="program_recipient_once"),
            models.CheckConstraint(
                condition=Q(plan_number="", plan_on=None)
                | (~Q(plan_number="") & Q(plan_on__isnull=False)),
                name="recipient_plan_number_and_day",
                violation_error_message="Ghi cả số và ngày của kế hoạch.",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=False) | Q(plan_on=None, launched_on=None),
                name="recipient_received_first",
            ),
        ]
        indexes = [models.Index(fields=["unit", "program"], name="program_recipient_of_unit")]

    def __str__(self) -> str:
        """Say who received what."""
        return f"{self.unit_id} ← {self.program_id}"


class RecipientFile(SentAttachment):
    """A unit's own plan for a programme."""

    recipient = models.ForeignKey(ProgramRecipient, on_delete=models.CASCADE, related_name="files")

    class Meta:
        verbose_name = "kế hoạch của đơn vị"
        verbose_name_plural = "kế hoạch của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "sha256"], name="recipient_file_once"),
            models.CheckConstraint(
                condition=WITHDRAWN_SAYS_WHY, name="recipient_file_withdrawn_says_why"
            ),
        ]


class ProgramTarget(models.Model):
    """A figure that a programme wants to see: "trên 90 %", "không có"."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(
        "indicators.Indicator", on_delete=models.PROTECT, related_name="+", verbose_name="chỉ tiêu"
    )
    sign = models.CharField("so sánh", max_length=9, choices=TargetSign.choices)
    value = models.DecimalField("mức", max_digits=15, decimal_places=2)
    subject = models.CharField("đối tượng", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "chỉ tiêu của chương trình"
        verbose_name_plural = "chỉ tiêu của chương trình"
        constraints = [
            models.UniqueConstraint(fields=["program", "indicator"], name="program_target_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="program_target_not_negative"),
            models.CheckConstraint(
                condition=Q(sign__in=TargetSign.values), name="program_target_sign_known"
            ),
        ]

    def __str__(self) -> str:
        """Give indicator and level."""
        return f"{self.indicator_id} {self.get_sign_display()} {self.value}"
