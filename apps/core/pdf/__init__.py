"""Paper: HTML of our own templates becomes tagged PDF/A-3; the only place that knows WeasyPrint.

Start at `render.render_pdf`; what it takes is in `parts`, what the templates take in `layout`.
WeasyPrint runs in warm child processes (`child`), which `pool` starts, limits and replaces.
"""
