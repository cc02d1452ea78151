"""Codes of indicators and of their parts never change: figures, templates and papers name them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION indicators_code_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the code % is final', OLD.code USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER indicator_code_is_final BEFORE UPDATE OF code ON indicators_indicator
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code)
    EXECUTE FUNCTION indicators_code_is_final();
CREATE TRIGGER breakdown_code_is_final BEFORE UPDATE OF code, indicator_id ON indicators_breakdown
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code
                       OR OLD.indicator_id IS DISTINCT FROM NEW.indicator_id)
    EXECUTE FUNCTION indicators_code_is_final();
"""
BACKWARD = """
DROP TRIGGER breakdown_code_is_final ON indicators_breakdown;
DROP TRIGGER indicator_code_is_final ON indicators_indicator;
DROP FUNCTION indicators_code_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
