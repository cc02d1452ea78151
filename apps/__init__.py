"""The portal’s apps, layered: see docs/map.md."""
