"""What people type into the reporting engine, checked."""
