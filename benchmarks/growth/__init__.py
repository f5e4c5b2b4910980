"""How the trade's work grows with the country: offers, bookings and "who is coming" among ever more helpers."""
