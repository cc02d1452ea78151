"""Who may open the addresses of figures from registers in reports."""

from __future__ import annotations

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "reports:override": ("report_view", {"pk": "report", "line_id": "line"}),
    "reports:restore": ("report_view", {"pk": "report", "line_id": "line"}),
    "reports:cell_records": ("report_view", {"pk": "report", "line_id": "line"}),
    "reports:drifts": ("consolidate_view", {"pk": 987654321}),
    "reports:figure_records": ("consolidate_view", {"pk": 987654321, "code": "E2"}),
}
