"""What a bench says: one line per goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A measured value beside its goal; the note holds the absolute values."""

    name: str
    value: float
    goal: float
    at_most: bool
    unit: str
    note: str

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    def __str__(self) -> str:
        verdict = "ok" if self.is_met else "short"
        sign = "≤" if self.at_most else "≥"
        goal = f"goal {sign} {self.goal:g}{f' {self.unit}' if self.unit else ''}"
        return f"BENCH {self.name} {self.value:.4g} {self.goal:g} {verdict} ({goal}; {self.note})"
