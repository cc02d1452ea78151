"""Check what people type about the yearly rating of a force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apps.core.forms import Form, NumberField
from apps.indicators.models import Breakdown
from apps.programs.services.force_ratings import ForceRatingRefused

MOST = 10_000_000


class ForceRatingForm(Form):
    """Ask how many teams reached each level; an empty box is none."""

    submit_label = "Lưu xếp loại"

    def __init__(
        self, *args: Any, levels: Sequence[Breakdown], rated: Mapping[str, int], **kwargs: Any
    ) -> None:
        """Ask for each level, filled with what is known."""
        super().__init__(*args, **kwargs)
        self.levels = levels
        for level in levels:
            self.fields[level.code] = NumberField(
                label=level.name, required=False, max_value=MOST, initial=rated.get(level.code)
            )

    def teams(self) -> dict[str, int]:
        """Return the number of teams of each level."""
        return {level.code: int(self.cleaned_data[level.code] or 0) for level in self.levels}

    def refuse_all(self, refusal: ForceRatingRefused) -> None:
        """Show every fault at its level, the rest at the top."""
        for fault in refusal.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.message)
