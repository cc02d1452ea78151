"""Two insert-only tables: what was done, and the chain that seals it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual

# The top-level transaction that writes: an xid8, never used twice in a cluster's life.
WRITING_TRANSACTION = models.Func(function="pg_current_xact_id", output_field=models.TextField())


class SnapshotXmin(models.Func):
    """The oldest transaction still running: every smaller id has committed or rolled back."""

    template = "pg_snapshot_xmin(pg_current_snapshot())"
    output_field = models.TextField()


class SnapshotXmax(models.Func):
    """The first id that this statement cannot see."""

    template = "pg_snapshot_xmax(pg_current_snapshot())"
    output_field = models.TextField()


class OwnTransaction(models.Func):
    """The id of the current transaction, or NULL while it has written nothing."""

    template = "pg_current_xact_id_if_assigned()"
    output_field = models.TextField()


def as_bigint(xid: models.Expression) -> Cast:
    """Turn an xid8 into a bigint, for which PostgreSQL has no direct cast."""
    return Cast(Cast(xid, models.TextField()), models.BigIntegerField())


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Chainable answers about entries."""

    def unsealed(self) -> "AuditEntryQuerySet":
        """Keep entries that no seal covers yet."""
        return self.filter(seal__isnull=True)

    def settled(self) -> "AuditEntryQuerySet":
        """Keep entries before which no other can appear any more.

        A row from the future of this cluster comes from a dump of another one: it is settled too.
        """
        foreign = models.Q(txid__gte=as_bigint(SnapshotXmax())) & (
            models.Q(own__isnull=True) | ~models.Q(txid=models.F("own"))
        )
        return self.alias(own=as_bigint(OwnTransaction())).filter(
            models.Q(txid__lt=as_bigint(SnapshotXmin())) | foreign
        )


class AuditEntry(models.Model):
    """One thing that was done; no foreign keys, so nothing that is deleted takes it along."""

    at = models.DateTimeField("thời điểm")
    actor_id = models.BigIntegerField("mã người làm", null=True, blank=True)
    actor_name = models.CharField("người làm", max_length=200, blank=True)
    action = models.CharField("hành động", max_length=100)
    target_type = models.CharField("loại đối tượng", max_length=100, blank=True)
    target_id = models.TextField("mã đối tượng", blank=True)
    detail = models.JSONField("chi tiết", default=dict, blank=True, encoder=DjangoJSONEncoder)
    txid = models.BigIntegerField("mã giao dịch", db_default=as_bigint(WRITING_TRANSACTION))
    request_id = models.CharField("mã yêu cầu", max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        """Names, the truths of every row and the ways the log is read."""

        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(action__regex=r"^[a-z_]+\.[a-z0-9_]+$"),
                name="audit_entry_action_form",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length(Cast("detail", models.TextField())), 4096),
                name="audit_entry_detail_small",
            ),
        )
        indexes = (
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
            models.Index(fields=["action", "at"], name="audit_entry_action"),
            models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
        )

    def __str__(self) -> str:
        """Name the entry by its number."""
        return f"#{self.pk} {self.action}"


class AuditSeal(models.Model):
    """One link of the chain: sha256 over the link before and the whole entry."""

    seq = models.BigIntegerField("số thứ tự", primary_key=True)
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, related_name="seal", verbose_name="dòng nhật ký"
    )
    prev_hash = models.CharField("mã băm trước", max_length=64)
    hash = models.CharField("mã băm", max_length=64, unique=True)
    sealed_at = models.DateTimeField("niêm phong lúc")

    class Meta:
        """Names and the truths of every link."""

        verbose_name = "niêm phong"
        verbose_name_plural = "niêm phong"
        constraints = (
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seal_seq_from_one"),
            models.CheckConstraint(
                condition=models.Q(hash__regex=r"^[0-9a-f]{64}$")
                & models.Q(prev_hash__regex=r"^[0-9a-f]{64}$"),
                name="audit_seal_hash_form",
            ),
        )

    def __str__(self) -> str:
        """Name the link by its place in the chain."""
        return f"{self.seq} {self.hash[:12]}"
