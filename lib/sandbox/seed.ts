import type { ColumnName } from '../core/grants/wanted';
import { CODE } from './seed/code';
import { crm } from './seed/crm';
import { GRANTS, ROLES } from './seed/roles';
import { shop } from './seed/shop';

export type { ColumnName };

/** What the seed makes, for those who configure roles or compare contents. */
export const SEED = {
  schemas: ['public', 'crm'],
  /** Owns every object. Nobody logs in with it. */
  owner: 'app_owner',
  /** What the application logs in with; a member of the owner, as in most shops, so that it can migrate the schema. */
  application: 'app_user',
  executives: 1206,
  companies: 1196,
} as const;

/**
 * Where the seed keeps personal data, as the owner of a database would list it: the tables that people know of. Partitions,
 * children, views and generated columns that carry the same data are deliberately not listed: finding those is the kit's work.
 */
export const PERSONAL_COLUMNS: readonly ColumnName[] = [
  ...columns('public', 'customers', ['full_name', 'email', 'phone', 'ssn', 'birth_date']),
  ...columns('public', 'orders', ['ship_to']),
  ...columns('public', 'events', ['actor_email', 'details']),
  ...columns('public', 'audit_log', ['old_row', 'new_row']),
  ...columns('crm', 'executives', ['full_name', 'email', 'direct_phone']),
  ...columns('crm', 'payment_cards', ['holder', 'pan']),
  ...columns('crm', 'messages', ['sender', 'body']),
  ...columns('crm', 'deals', ['contact']),
];

/**
 * What personal data of the seed looks like, in whatever form it leaves the server. None of it can belong to a person: domains
 * reserved for documentation, social security numbers that are never issued, fictitious telephone numbers, no card's prefix.
 */
export const PERSONAL_DATA: Readonly<Record<string, RegExp>> = {
  'an e-mail address': /@[a-z]+\.example\b/i,
  'a social security number': /\b9\d\d-\d\d-\d{4}\b/,
  'a telephone number': /\+1-555-01\d\d-\d{4}/,
  'a card number': /\b0000 42\d\d \d{4} \d{4}\b/,
  'a name': /\bCanarybird\b/i,
};

export interface SeedOptions {
  /** How many times as many orders and events. Customers, companies and executives stay as they are. Default: 1. */
  readonly scale?: number;
}

/**
 * A small shop with its customer relations, as SQL: the same rows, ids and moments every time. Runs as the superuser or as a
 * role that owns the database and may create roles; it makes the roles of the application where they are missing.
 */
export function seedSql({ scale = 1 }: SeedOptions = {}): string {
  if (!Number.isInteger(scale) || scale < 1 || scale > 10_000) {
    throw new Error(`the scale of the seed is ${scale}; write a whole number from 1 to 10000`);
  }
  return [
    'BEGIN;',
    ROLES,
    'SET LOCAL ROLE app_owner;',
    `SET LOCAL TIME ZONE 'UTC';`,
    'SET LOCAL search_path = public;',
    shop(scale),
    crm(),
    CODE,
    GRANTS,
    // What the statistics know of a column is part of what a reader must not see.
    `ANALYZE ${TABLES.join(', ')};`,
    'RESET ROLE;',
    'COMMIT;',
  ].join('\n');
}

const TABLES = [
  ...['customers', 'customers_archive', 'products', 'orders', 'order_items', 'events', 'audit_log', 'documents', 'legacy_imports'].map((name) => `public.${name}`),
  ...['companies', 'executives', 'payment_cards', 'invoices', 'messages', 'deals'].map((name) => `crm.${name}`),
  'public.customer_directory', 'public.directory_letters', 'public.mailing_kept', 'public.mailing_xml',
];

function columns(schema: string, table: string, names: readonly string[]): ColumnName[] {
  return names.map((column) => ({ schema, table, column }));
}
