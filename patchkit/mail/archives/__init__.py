"""Mails as the web's archives show them: saved pages, and text copied off them."""
