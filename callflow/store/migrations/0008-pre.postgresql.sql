-- Slow work is stored as jobs, in the tables of Procrastinate 3.10.

\i procrastinate/sql/schema.sql
