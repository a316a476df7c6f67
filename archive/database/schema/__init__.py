"""Statements of the migrations, a file for each part of the tables that came later."""
