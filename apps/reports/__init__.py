"""What each unit owes, its entry, review, consolidation and the issued documents."""
