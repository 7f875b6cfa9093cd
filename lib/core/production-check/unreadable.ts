import { awsCli } from '../aws-cli';
import { clip } from '../custom-resource';
import { homeOf, type Expected, type Item } from './types';
import { rds } from './wording';

/** Why RDS was asked in vain. */
export interface ReadFailure {
  /** The error's name, or its code where it has one. */
  readonly name: string;
  readonly message: string;
  /** The role that asked, where it is known. */
  readonly role?: string;
}

const DENIED: readonly string[] = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];
const BUSY: readonly string[] = ['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'RequestThrottled', 'TooManyRequestsException'];
const NO_SUCH: readonly string[] = ['DBInstanceNotFound', 'DBInstanceNotFoundFault'];

/** Whether the refusal may be one of a permission that IAM has not spread everywhere yet. */
export function isDenied(failure: ReadFailure): boolean {
  return DENIED.includes(failure.name);
}

/** A database that cannot be read is a database that cannot be called recoverable. */
export function unreadable(expected: Expected, failure: ReadFailure): Item {
  const { region, account } = homeOf(expected);
  if (NO_SUCH.includes(failure.name)) {
    return {
      what: 'the production database must exist',
      saw: `RDS knows no instance ${expected.identifier} in account ${account}, Region ${region}`,
      fix: 'correct the instance identifier, or deploy into the account and Region of the database; the instances here are: '
        + rds(expected, 'describe-db-instances', '--query', 'DBInstances[].DBInstanceIdentifier'),
    };
  }
  if (isDenied(failure)) {
    const role = roleIn(failure);
    return {
      what: 'the check must be allowed to read the database',
      saw: `role ${role} may not use rds:DescribeDBInstances on ${expected.arn} (${clip(failure.message, 400)})`,
      fix: 'the stack grants this, so a permissions boundary, a service control policy or a change by hand takes it away; begin with: '
        + awsCli(region, 'iam', 'get-role', '--role-name', role),
    };
  }
  return {
    what: 'RDS must answer',
    saw: BUSY.includes(failure.name)
      ? `it was still too busy after several attempts (${failure.name})`
      : `it failed with ${failure.name}: ${clip(failure.message, 400)}`,
    fix: 'deploy again in a few minutes',
  };
}

/** AWS names the caller by its session: `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`. */
function roleIn(failure: ReadFailure): string {
  return /:assumed-role\/([\w+=,.@-]+)\//.exec(failure.message)?.[1] ?? failure.role ?? 'of the function';
}
