"""The pages and their helpers: the only code that imports Streamlit (with app.py)."""
