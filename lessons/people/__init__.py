"""Units, people, their roles and absences, and the keys they sign in with."""
