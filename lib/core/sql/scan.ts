import type { Tree } from './parser';
import { KINDS, type Kind, type Name } from './types';
import { written } from './names';

/** An UPDATE, and the columns that it compares with a value so that all comparisons must hold. */
export interface Updating {
  readonly relation: Name;
  readonly columns: ReadonlySet<string>;
}

const RANK = Object.fromEntries(KINDS.map((kind, rank) => [kind, rank])) as Readonly<Record<Kind, number>>;

export function moreSerious(one: Kind, other: Kind): Kind {
  return RANK[one] >= RANK[other] ? one : other;
}

/** Names of common table expressions that hide relations of the same name. */
export interface Scope {
  readonly names: readonly string[];
  readonly outer: Scope | undefined;
}

/** What one walk through the tree of a statement found. */
export class Scan {
  kind: Kind = 'read';
  destructive = false;
  transactional = true;
  readonly reasons: string[] = [];
  readonly objects: string[] = [];
  /** Relations that are read, and those that are written to. */
  readonly read: Name[] = [];
  readonly written: Name[] = [];
  /** Functions with the name of one of PostgreSQL that only reads; the search path may find another. */
  readonly calls: Name[] = [];
  /** All other functions. */
  readonly deeds: Name[] = [];
  /** Operators with the name of one of PostgreSQL, and all others. */
  readonly operators: Name[] = [];
  readonly foreignOperators: Name[] = [];
  /** Types that are not PostgreSQL's. */
  readonly types: Name[] = [];
  /** Last parts of dotted columns: each may be a function that takes a row. */
  readonly attributes: string[] = [];
  readonly updates: Updating[] = [];
  /** Bodies in PL/pgSQL that run at once. */
  readonly bodies: string[] = [];
  scope: Scope | undefined;
  depth = 0;

  add(kind: Kind, because: string, destructive = false): void {
    this.kind = moreSerious(kind, this.kind);
    if (destructive) this.destructive = true;
    this.reasons.push(because);
  }

  object(name: Name): void {
    this.objects.push(written(name));
  }

  /** It cannot run inside a transaction. */
  alone(): void {
    this.transactional = false;
  }

  /** Everything that another walk found. */
  take(other: Scan): void {
    this.kind = moreSerious(other.kind, this.kind);
    this.destructive ||= other.destructive;
    this.transactional &&= other.transactional;
    this.reasons.push(...other.reasons);
    this.takeNames(other);
    this.updates.push(...other.updates);
    this.bodies.push(...other.bodies);
  }

  /** What another walk saw named, which the catalog has to be asked for, but nothing that it would do itself. */
  takeNames(other: Scan): void {
    this.objects.push(...other.objects);
    this.read.push(...other.read);
    this.written.push(...other.written);
    this.calls.push(...other.calls);
    this.deeds.push(...other.deeds);
    this.operators.push(...other.operators);
    this.foreignOperators.push(...other.foreignOperators);
    this.types.push(...other.types);
    this.attributes.push(...other.attributes);
  }

  /** A walk of its own, with the same surroundings. */
  branch(): Scan {
    const branch = new Scan();
    branch.scope = this.scope;
    branch.depth = this.depth;
    return branch;
  }

  hides(name: string): boolean {
    for (let scope = this.scope; scope; scope = scope.outer) if (scope.names.includes(name)) return true;
    return false;
  }
}

/** Goes on below a node. */
export type Walk = (node: Tree, scan: Scan) => void;

/** Looks at one kind of node, and says whether it has also looked at what is in it. */
export type Look = (node: Tree, scan: Scan, walk: Walk) => boolean | void;
