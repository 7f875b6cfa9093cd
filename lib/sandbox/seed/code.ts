/** Views and routines: where personal data and the right to write come out of the tables again. */
export const CODE = `
CREATE VIEW customer_contacts AS SELECT id, full_name, email, phone FROM customers;
CREATE VIEW customer_documents AS SELECT c.id, to_jsonb(c) AS document FROM customers c;
CREATE VIEW vip_contacts AS SELECT v.* FROM customer_contacts v JOIN customers c USING (id) WHERE c.loyalty_points > 400;
CREATE MATERIALIZED VIEW customer_directory AS SELECT id, full_name AS label FROM customer_contacts;
CREATE MATERIALIZED VIEW directory_letters AS SELECT left(label, 1) AS letter, string_agg(label, ', ' ORDER BY id) AS labels FROM customer_directory GROUP BY 1;
-- What code reads is in no record of what a view depends on; a materialized view keeps it.
CREATE FUNCTION mailing_list() RETURNS SETOF text LANGUAGE plpgsql STABLE SET search_path = public AS $$ BEGIN RETURN QUERY SELECT email FROM customers; END $$;
CREATE VIEW mailing AS SELECT address FROM mailing_list() address;
CREATE MATERIALIZED VIEW mailing_kept AS SELECT address FROM mailing;
CREATE MATERIALIZED VIEW mailing_xml AS SELECT query_to_xml('SELECT email FROM public.customers', true, false, '')::text AS addresses;
CREATE VIEW order_totals AS SELECT status, count(*) AS orders, sum(total) AS total FROM orders GROUP BY status;
CREATE VIEW crm.pipeline AS SELECT stage, industry, count(*) AS companies FROM crm.companies GROUP BY stage, industry;

-- Everybody may execute a routine unless that is taken back, and these run with the rights of the owner.
CREATE FUNCTION purge_orders(before timestamptz) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public
  AS $$ WITH gone AS (DELETE FROM orders WHERE placed_at < before RETURNING 1) SELECT count(*) FROM gone $$;
CREATE PROCEDURE wipe_crm() LANGUAGE plpgsql SECURITY DEFINER SET search_path = crm
  AS $$ BEGIN DELETE FROM invoices; DELETE FROM companies; END $$;
CREATE FUNCTION customer_ssn(which bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT ssn FROM customers WHERE id = which $$;
CREATE FUNCTION find_customers(pattern text) RETURNS SETOF customers LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT * FROM ONLY customers WHERE full_name LIKE pattern $$;
CREATE FUNCTION set_stock(which bigint, pieces bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
  AS $$ BEGIN UPDATE products SET stock = pieces WHERE id = which; RETURN true; END $$;
-- The same right to write, behind syntax in which no function is to be seen.
CREATE OPERATOR @@@ (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = set_stock);
CREATE FUNCTION cancelled(which orders) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
  AS $$ BEGIN DELETE FROM orders WHERE id = which.id; RETURN true; END $$;
CREATE FUNCTION restocked(pieces integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
  AS $$ BEGIN UPDATE products SET stock = stock + pieces WHERE id = 1; RETURN true; END $$;
CREATE DOMAIN delivery AS integer CHECK (restocked(VALUE));
CREATE FUNCTION lower(which integer) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
  AS $$ BEGIN DELETE FROM legacy_imports WHERE id = which; RETURN 'done'; END $$;
CREATE VIEW stock_check AS SELECT id, set_stock(id, 0) AS checked FROM products;

CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  INSERT INTO audit_log (table_name, row_id, action, old_row, new_row)
  VALUES (TG_TABLE_NAME, coalesce(NEW.id, OLD.id), lower(TG_OP), to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER customers_audit AFTER INSERT OR UPDATE OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION keep_audit();
CREATE TRIGGER executives_audit AFTER INSERT OR UPDATE OR DELETE ON crm.executives FOR EACH ROW EXECUTE FUNCTION keep_audit();
`;
