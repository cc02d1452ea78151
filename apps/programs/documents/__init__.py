"""Excel files of the register."""
