"""Make valid rows of the programs app without arguments; no factory writes joint owners twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.text import search_key, sort_key
from apps.programs.models import (
    Activity,
    ActivityParty,
    ModelField,
    ModelSite,
    ModelType,
    ModelTypeAlias,
    Program,
    ProgramFile,
    ProgramParty,
    ProgramRecipient,
    ProgramTarget,
    ProtectedObject,
    RecipientFile,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteMove,
    SiteObjective,
    SiteParty,
    SiteResult,
    SiteTeam,
)
from apps.programs.rules import (
    ActivityKind,
    EquipmentKind,
    FileKind,
    FundingSource,
    HostKind,
    Level,
    OrganiserRole,
    PartyRole,
    ProgramKind,
    SiteState,
    TargetSign,
    place_key,
)
from tests.factories.indicators import IndicatorFactory
from tests.factories.units import UnitFactory

LAUNCHED = date(2026, 1, 10)
WRITTEN = datetime(2026, 1, 10, 3, tzinfo=UTC)
SINCE = DateRange(LAUNCHED, None)


class ModelFieldFactory(factory.django.DjangoModelFactory):
    """A field of work that is not sensitive."""

    class Meta:
        model = ModelField

    code = factory.Sequence(lambda n: f"linh-vuc-{n}")
    name = factory.Sequence(lambda n: f"Lĩnh vực {n}")


class ModelTypeFactory(factory.django.DjangoModelFactory):
    """A kind of model in use."""

    class Meta:
        model = ModelType

    name = factory.Sequence(lambda n: f"Mô hình mẫu {n}")
    name_key = factory.LazyAttribute(lambda o: search_key(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))
    field = factory.SubFactory(ModelFieldFactory)
    host_kind = HostKind.RESIDENTIAL
    created_at = WRITTEN


class ModelTypeAliasFactory(factory.django.DjangoModelFactory):
    """Another spelling."""

    class Meta:
        model = ModelTypeAlias

    model_type = factory.SubFactory(ModelTypeFactory)
    name = factory.Sequence(lambda n: f"Tên khác {n}")
    name_key = factory.LazyAttribute(lambda o: search_key(o.name))


class BareSiteFactory(factory.django.DjangoModelFactory):
    """An active site without an owner, for tests of constraints."""

    class Meta:
        model = ModelSite

    model_type = factory.SubFactory(ModelTypeFactory)
    unit = factory.SubFactory(UnitFactory)
    name = factory.LazyAttribute(lambda o: o.model_type.name)
    name_key = factory.LazyAttribute(lambda o: search_key(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))
    place = ""
    place_key = factory.LazyAttribute(lambda o: place_key(o.place))
    level = Level.COMMUNE
    host_kind = HostKind.RESIDENTIAL
    state = SiteState.ACTIVE
    launched_on = LAUNCHED
    last_news_on = factory.LazyAttribute(lambda o: o.launched_on)
    created_at = WRITTEN
    updated_at = WRITTEN


class SiteFactory(BareSiteFactory):
    """An active site that its place's unit owns."""

    class Meta:
        model = ModelSite
        skip_postgeneration_save = True

    owner = factory.RelatedFactory(
        "tests.factories.programs.SitePartyFactory",
        factory_related_name="site",
        unit=factory.SelfAttribute("..unit"),
    )


class SitePartyFactory(factory.django.DjangoModelFactory):
    """One more owner of a site."""

    class Meta:
        model = SiteParty

    site = factory.SubFactory(BareSiteFactory)
    unit = factory.SubFactory(UnitFactory)
    role = PartyRole.OWNER


class SiteMoveFactory(factory.django.DjangoModelFactory):
    """The launch of a site."""

    class Meta:
        model = SiteMove

    site = factory.SubFactory(SiteFactory)
    from_state = SiteState.DRAFT
    to_state = SiteState.ACTIVE
    on = LAUNCHED
    at = WRITTEN


class SiteTeamFactory(factory.django.DjangoModelFactory):
    """One team of three."""

    class Meta:
        model = SiteTeam

    site = factory.SubFactory(SiteFactory)
    name = ""
    name_key = factory.LazyAttribute(lambda o: search_key(o.name))
    n_teams = 1
    members = 3
    valid = SINCE


class SiteEquipmentFactory(factory.django.DjangoModelFactory):
    """Four cameras."""

    class Meta:
        model = SiteEquipment

    site = factory.SubFactory(SiteFactory)
    kind = EquipmentKind.CAMERA
    quantity = 4
    valid = SINCE


class SiteFundingFactory(factory.django.DjangoModelFactory):
    """A gift of a million đồng."""

    class Meta:
        model = SiteFunding

    site = factory.SubFactory(SiteFactory)
    source = FundingSource.SOCIAL
    amount = 1_000_000
    received_on = LAUNCHED


class SiteObjectiveFactory(factory.django.DjangoModelFactory):
    """An aim."""

    class Meta:
        model = SiteObjective

    site = factory.SubFactory(SiteFactory)
    text = "An toàn về tài sản"


class SiteResultFactory(factory.django.DjangoModelFactory):
    """What became of an aim."""

    class Meta:
        model = SiteResult

    objective = factory.SubFactory(SiteObjectiveFactory)
    year = 2026
    text = "Không xảy ra mất trộm"
    noted_on = factory.LazyAttribute(lambda o: date(o.year, 1, 1))


class ProtectedObjectFactory(factory.django.DjangoModelFactory):
    """What a site guards."""

    class Meta:
        model = ProtectedObject

    site = factory.SubFactory(SiteFactory)
    kind = "trạm BTS"
    quantity = 500


class SiteFileFactory(factory.django.DjangoModelFactory):
    """A document; no bytes stand behind it."""

    class Meta:
        model = SiteFile

    site = factory.SubFactory(SiteFactory)
    kind = FileKind.DOCUMENT
    title = "Quyết định ra mắt"
    name = "quyet-dinh.pdf"
    mime = "application/pdf"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 10
    path = factory.LazyAttribute(lambda o: f"{o.sha256[:2]}/{o.sha256}.pdf")
    uploaded_at = WRITTEN


class ProgramFactory(factory.django.DjangoModelFactory):
    """A plan of the province, not sent yet."""

    class Meta:
        model = Program

    kind = ProgramKind.PLAN
    title = factory.Sequence(lambda n: f"Kế hoạch mẫu {n}")
    title_key = factory.LazyAttribute(lambda o: search_key(o.title))
    number = factory.Sequence(lambda n: f"{n + 1}/KH-BCĐ")
    issued_on = LAUNCHED
    issuer = "Ban Chỉ đạo 138 tỉnh (minh họa)"
    level = Level.PROVINCE
    unit = factory.SubFactory(UnitFactory)
    valid_from = LAUNCHED
    created_at = WRITTEN


class ProgramPartyFactory(factory.django.DjangoModelFactory):
    """An organisation that coordinates."""

    class Meta:
        model = ProgramParty

    program = factory.SubFactory(ProgramFactory)
    unit = factory.SubFactory(UnitFactory)


class ProgramFileFactory(factory.django.DjangoModelFactory):
    """An attached paper; no bytes stand behind it."""

    class Meta:
        model = ProgramFile

    program = factory.SubFactory(ProgramFactory)
    title = "Kế hoạch"
    name = "ke-hoach.pdf"
    mime = "application/pdf"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 10
    path = factory.LazyAttribute(lambda o: f"{o.sha256[:2]}/{o.sha256}.pdf")
    uploaded_at = WRITTEN


class ProgramRecipientFactory(factory.django.DjangoModelFactory):
    """A unit that has not opened it yet."""

    class Meta:
        model = ProgramRecipient

    program = factory.SubFactory(ProgramFactory)
    unit = factory.SubFactory(UnitFactory)
    sent_at = WRITTEN


class RecipientFileFactory(factory.django.DjangoModelFactory):
    """A unit's plan; no bytes stand behind it."""

    class Meta:
        model = RecipientFile

    recipient = factory.SubFactory(ProgramRecipientFactory)
    title = "Kế hoạch của đơn vị"
    name = "ke-hoach-don-vi.pdf"
    mime = "application/pdf"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 10
    path = factory.LazyAttribute(lambda o: f"{o.sha256[:2]}/{o.sha256}.pdf")
    uploaded_at = WRITTEN


class ProgramTargetFactory(factory.django.DjangoModelFactory):
    """Ninety per cent."""

    class Meta:
        model = ProgramTarget

    program = factory.SubFactory(ProgramFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    sign = TargetSign.MORE_THAN
    value = 90


class BareActivityFactory(factory.django.DjangoModelFactory):
    """A propaganda session without an organiser's row, for tests of constraints."""

    class Meta:
        model = Activity

    kind = ActivityKind.PROPAGANDA
    title = factory.Sequence(lambda n: f"Tuyên truyền mẫu {n}")
    title_key = factory.LazyAttribute(lambda o: search_key(o.title))
    unit = factory.SubFactory(UnitFactory)
    held_on = LAUNCHED
    attendances = 50
    created_at = WRITTEN
    updated_at = WRITTEN


class ActivityFactory(BareActivityFactory):
    """A propaganda session of its unit."""

    class Meta:
        model = Activity
        skip_postgeneration_save = True

    organiser = factory.RelatedFactory(
        "tests.factories.programs.ActivityPartyFactory",
        factory_related_name="activity",
        unit=factory.SelfAttribute("..unit"),
        role=OrganiserRole.MAIN,
    )


class ActivityPartyFactory(factory.django.DjangoModelFactory):
    """One more organiser."""

    class Meta:
        model = ActivityParty

    activity = factory.SubFactory(BareActivityFactory)
    unit = factory.SubFactory(UnitFactory)
    role = OrganiserRole.CO
