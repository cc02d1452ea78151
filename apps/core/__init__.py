"""What every app needs and no app owns: text, numbers, dates, files, sheets, forms, page frame."""
