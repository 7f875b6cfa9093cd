import type { AwsFailure } from '../aws-failure';
import type { Principal } from '../principal';
import type { SeenInstance } from '../production-check/types';

/** What of an environment can be compared with the real account. */
export interface PreflightEnvironment {
  readonly account?: string;
  readonly production: { readonly existing?: ExistingProduction; readonly create?: { readonly instanceIdentifier: string } };
  readonly network: { readonly reach: 'agent-network' | 'lattice' };
  readonly replica: { readonly delayed?: object };
  readonly agents: readonly {
    readonly name: string;
    readonly trust: { readonly github?: object; readonly principal?: { readonly arn: string } };
  }[];
  readonly approvers: readonly string[];
}

export interface ExistingProduction {
  readonly instanceIdentifier: string;
  readonly resourceId: string;
  readonly endpoint: string;
  readonly port: number;
  readonly engineVersion: string;
}

/** A role or user of IAM that the environment names. */
export interface Person extends Principal {
  readonly check: 'approver' | 'agent';
  /** As the environment writes it. */
  readonly arn: string;
  /** What asks IAM for it. */
  readonly action: 'iam:GetRole' | 'iam:GetUser';
}

/** One look at AWS. */
export type Sight<Seen> =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'failure'; readonly failure: AwsFailure };

export type LocatedInstance = SeenInstance & { readonly DBInstanceArn?: string };

/** Everything that was looked at. What was not looked at is left out, and is not taken as harmless. */
export interface Sights {
  readonly region: string;
  /** What RDS knows by the identifier of production. */
  readonly production?: Sight<readonly LocatedInstance[]>;
  /** The ARN by which IAM knows each person. */
  readonly people: readonly { readonly person: Person; readonly sight?: Sight<string | undefined> }[];
  /** ARNs of the account's OpenID Connect providers. */
  readonly providers?: Sight<readonly string[]>;
}

/** Where the deployment goes; the account as far as anything shows it. */
export interface Place {
  readonly region: string;
  readonly account: string | undefined;
}

/** Something worth knowing that stops no deployment. */
export interface Note {
  readonly check: 'production' | 'approver' | 'agent' | 'identity-provider';
  readonly subject: string;
  readonly because: string;
  /** What to do: commands for a shell, or the setting to correct. */
  readonly fix?: string;
  /** What to know before doing it. */
  readonly warning?: string;
}

/** One thing that was compared. Whatever could not be found out is `unknown`, and counts as not passing. */
export interface Finding extends Note {
  readonly verdict: 'pass' | 'fail' | 'unknown';
}

export type Judgement = Omit<Finding, 'check' | 'subject'>;

export interface PreflightReport {
  readonly verdict: Finding['verdict'];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Note[];
}

/** Why nothing can be said, and what to do about it. */
export interface Reason {
  readonly because: string;
  readonly fix: string;
}

export type Preflight =
  | { readonly do: 'report'; readonly report: PreflightReport }
  /** Nothing that was read says anything about the environment; each reason once. */
  | { readonly do: 'stop'; readonly reasons: readonly Reason[] };
