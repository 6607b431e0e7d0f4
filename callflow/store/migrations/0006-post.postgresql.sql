UPDATE calls SET reference = state::json ->> 'reference' WHERE reference IS NULL;
