"""Make what a year says of sites and units: ratings, proposals to the ministry, exemplars."""

from __future__ import annotations

import factory

from apps.programs.models import (
    Exemplar,
    MinistryReferral,
    RatingCriterion,
    RatingLevel,
    SiteRating,
    SiteRatingMark,
)
from apps.programs.rules import ExemplarState, ReferralKind
from tests.factories.programs import LAUNCHED, WRITTEN, ModelTypeFactory, SiteFactory
from tests.factories.units import UnitFactory


class RatingLevelFactory(factory.django.DjangoModelFactory):
    """A level of the scale."""

    class Meta:
        model = RatingLevel

    code = factory.Sequence(lambda n: f"muc-{n}")
    name = factory.Sequence(lambda n: f"Mức {n}")


class RatingCriterionFactory(factory.django.DjangoModelFactory):
    """A criterion of the rating."""

    class Meta:
        model = RatingCriterion

    code = factory.Sequence(lambda n: f"tieu-chi-{n}")
    name = factory.Sequence(lambda n: f"Tiêu chí {n}")


class SiteRatingFactory(factory.django.DjangoModelFactory):
    """A good year."""

    class Meta:
        model = SiteRating

    site = factory.SubFactory(SiteFactory)
    year = 2026
    level = factory.SubFactory(RatingLevelFactory)
    rated_at = WRITTEN


class SiteRatingMarkFactory(factory.django.DjangoModelFactory):
    """A criterion that was met."""

    class Meta:
        model = SiteRatingMark

    rating = factory.SubFactory(SiteRatingFactory)
    criterion = factory.SubFactory(RatingCriterionFactory)
    is_met = True


class MinistryReferralFactory(factory.django.DjangoModelFactory):
    """A proposal of a kind of model."""

    class Meta:
        model = MinistryReferral

    kind = ReferralKind.PROPOSAL
    unit = factory.SubFactory(UnitFactory)
    model_type = factory.SubFactory(ModelTypeFactory)
    sent_on = LAUNCHED
    created_at = WRITTEN


class ExemplarFactory(factory.django.DjangoModelFactory):
    """A unit that was chosen."""

    class Meta:
        model = Exemplar

    unit = factory.SubFactory(UnitFactory)
    chooser = factory.SubFactory(UnitFactory)
    field = "Phong trào toàn dân bảo vệ ANTQ"
    state = ExemplarState.CHOSEN
    chosen_on = LAUNCHED
    created_at = WRITTEN
