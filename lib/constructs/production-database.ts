import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { CfnVPC, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnDBInstance, DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Secret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { insteadOfEndpoint } from '../core/endpoint';
import { parseEngineVersion, unsupported, type EngineVersion } from '../core/engine-version';
import { isIdentifier, kitPrefix } from '../core/instance-identifier';
import type { StandbyMinimums } from '../core/parameters';
import { AGENT_DATABASE_PORT } from '../core/policy';
import { EvaluationInstance, type EvaluationInstanceProps } from './evaluation-instance';
import { refuse } from './invalid';

/** What is the same for every production database, wherever its description comes from. */
export interface ProductionSettings {
  /** The databases on the server that agents are to read, e.g. `['orders']`. Not enforced before database roles are provisioned. */
  readonly databases: readonly string[];
  /**
   * CIDR blocks of production's network, which the agents' network must not overlap.
   * @default - those of `vpc` where they are known, otherwise unknown: the overlap cannot be checked
   */
  readonly vpcCidrs?: readonly string[];
  /**
   * Subnets of production's network, needed when the replica stands there (`ReplicaPlacement.productionVpc`).
   * @default - none
   */
  readonly subnets?: SubnetSelection;
  /**
   * Settings in which a hot standby may not be lower than its primary, or it does not start. Give production's values
   * when the replica's instance class is smaller than production's.
   * @default - RDS's defaults for the replica's instance class
   * @see https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN
   */
  readonly standbyMinimums?: StandbyMinimums;
}

/** An RDS for PostgreSQL instance that exists already, by what `aws rds describe-db-instances` says of it. */
export interface ProductionInstanceAttributes extends ProductionSettings {
  /** `DBInstanceIdentifier`. */
  readonly instanceIdentifier: string;
  /** `DbiResourceId`, which begins with `db-`. It never changes, unlike the identifier. */
  readonly resourceId: string;
  /** `Endpoint.Address`. */
  readonly endpoint: string;
  /**
   * `Endpoint.Port`.
   * @default 5432
   */
  readonly port?: number;
  /** `EngineVersion`, with its minor, e.g. `16.10`. */
  readonly engineVersion: string;
  /**
   * The network that production stands in. Nothing in it is changed; `DatabaseRoles` puts a function and an endpoint into it.
   * @default - unknown
   */
  readonly vpc?: IVpc;
  /**
   * The security group of production. Nothing in it is changed, but for the one rule of `ProductionAdmission.inboundRule()`.
   * @default - unknown
   */
  readonly securityGroup?: ISecurityGroup;
  /**
   * The secret of the master user, with its `encryptionKey` where that is a customer managed one
   * (`Secret.fromSecretAttributes`). `DatabaseRoles` lets one function read it, at the moment it works; nothing else does.
   * @default - unknown
   */
  readonly masterSecret?: ISecret;
  /**
   * The customer managed key that encrypts production.
   * @default - unknown
   */
  readonly encryptionKey?: IKey;
  /** `DBInstanceClass`. The replica and the clone are made of the same one unless told otherwise. */
  readonly instanceClass: string;
}

/** A `DatabaseInstance` of the same app. */
export interface ProductionDatabaseInstanceProps extends ProductionSettings {
  /** The instance. Nothing in it is changed. */
  readonly instance: DatabaseInstance;
  /**
   * Its port. The construct knows it only as a value of the deployment, and the checks need a number.
   * @default 5432
   */
  readonly port?: number;
  /**
   * Its full engine version, e.g. `16.10`.
   * @default - the version that the instance was declared with
   */
  readonly engineVersion?: string;
  /**
   * The customer managed key that encrypts it.
   * @default - unknown
   */
  readonly encryptionKey?: IKey;
}

interface Description extends Required<Pick<ProductionSettings, 'databases'>> {
  readonly origin: 'existing' | 'created';
  readonly identifier: string;
  /** Where the template knows it; otherwise it is put together from the identifier. */
  readonly arn?: string;
  readonly resourceId: string;
  readonly endpoint: string;
  readonly port: number;
  readonly engineVersion: EngineVersion;
  readonly instanceClass: string;
  readonly vpc?: IVpc;
  readonly vpcCidrs: readonly string[];
  readonly subnets?: SubnetSelection;
  readonly securityGroup?: ISecurityGroup;
  readonly masterSecret?: ISecret;
  readonly encryptionKey?: IKey;
  readonly standbyMinimums?: StandbyMinimums;
}

/**
 * The production database that is guarded: what the other constructs need to know of it.
 *
 * Describing an existing database creates nothing and changes nothing. What production lacks is reported by
 * `ProductionCheck` with the command that mends it; no deployment of the kit modifies it.
 */
export class ProductionDatabase extends Construct {
  /** An existing RDS for PostgreSQL instance, by attributes. */
  static fromInstance(scope: Construct, id: string, attributes: ProductionInstanceAttributes): ProductionDatabase {
    const version = parseEngineVersion(attributes.engineVersion);
    const path = `${scope.node.path}/${id}`;
    if (version?.minor === undefined) {
      throw new Error(`${path}: engineVersion is '${attributes.engineVersion}'; write the version that RDS reports, with its minor, such as '16.10'`);
    }
    return new ProductionDatabase(scope, id, {
      origin: 'existing',
      identifier: attributes.instanceIdentifier,
      resourceId: attributes.resourceId,
      endpoint: attributes.endpoint,
      port: attributes.port ?? 5432,
      engineVersion: version,
      instanceClass: attributes.instanceClass,
      databases: [...attributes.databases],
      vpc: attributes.vpc,
      vpcCidrs: [...(attributes.vpcCidrs ?? knownCidrs(attributes.vpc))],
      subnets: attributes.subnets,
      securityGroup: attributes.securityGroup,
      masterSecret: attributes.masterSecret,
      encryptionKey: attributes.encryptionKey,
      standbyMinimums: attributes.standbyMinimums,
    });
  }

  /** A `DatabaseInstance` that is declared in the same app. */
  static fromDatabaseInstance(scope: Construct, id: string, props: ProductionDatabaseInstanceProps): ProductionDatabase {
    const { instance } = props;
    const text = props.engineVersion ?? instance.engine?.engineVersion?.fullVersion ?? '';
    const version = parseEngineVersion(text);
    const path = `${scope.node.path}/${id}`;
    if (instance.engine?.engineType !== 'postgres') {
      throw new Error(`${path}: the engine of the instance is '${instance.engine?.engineType ?? 'unknown'}'; only RDS for PostgreSQL is supported`);
    }
    // The L2 writes its class with a token even where it is known, and whether a replica is smaller has to be known.
    const written: unknown = Stack.of(instance).resolve((instance.node.defaultChild as CfnDBInstance).dbInstanceClass);
    const instanceClass = typeof written === 'string' ? written : (instance.node.defaultChild as CfnDBInstance).dbInstanceClass;
    if (instanceClass === undefined) throw new Error(`${path}: the instance declares no instance class; declare it with an instanceType`);
    if (!version) throw new Error(`${path}: the engine version is '${text}'; pass engineVersion as RDS reports it, such as '16.10'`);
    return new ProductionDatabase(scope, id, {
      origin: 'existing',
      identifier: instance.instanceIdentifier,
      arn: instance.instanceArn,
      resourceId: instance.instanceResourceId ?? '',
      endpoint: instance.dbInstanceEndpointAddress,
      port: props.port ?? 5432,
      engineVersion: version,
      instanceClass,
      databases: [...props.databases],
      vpc: instance.vpc,
      vpcCidrs: [...(props.vpcCidrs ?? knownCidrs(instance.vpc))],
      subnets: props.subnets,
      securityGroup: instance.connections.securityGroups[0],
      masterSecret: instance.secret,
      encryptionKey: props.encryptionKey,
      standbyMinimums: props.standbyMinimums,
    });
  }

  /**
   * Creates a production database to try the kit out with, in a network of its own: encrypted, protected from deletion,
   * with point-in-time recovery, and retained when the stack is destroyed. Nothing can connect to it at first.
   */
  static create(scope: Construct, id: string, props: EvaluationInstanceProps): ProductionDatabase {
    return new ProductionDatabase(scope, id, (self) => {
      const created = new EvaluationInstance(self, 'Evaluation', props);
      return {
        origin: 'created',
        identifier: created.identifier,
        arn: created.instance.attrDbInstanceArn,
        resourceId: created.instance.attrDbiResourceId,
        endpoint: created.instance.attrEndpointAddress,
        port: created.port,
        engineVersion: created.engineVersion,
        instanceClass: created.instanceClass,
        databases: [created.database],
        vpc: created.vpc,
        vpcCidrs: [created.cidr],
        subnets: created.subnets,
        securityGroup: created.securityGroup,
        masterSecret: Secret.fromSecretAttributes(self, 'MasterSecret', {
          secretCompleteArn: created.instance.attrMasterUserSecretSecretArn, encryptionKey: created.encryptionKey,
        }),
        encryptionKey: created.encryptionKey,
      };
    });
  }

  /** What kind of source this is. Aurora clusters will be another. */
  readonly kind = 'instance';
  /** Whether the kit made the database (for evaluation) or was told of it. */
  readonly origin: 'existing' | 'created';
  /** The instance identifier. */
  readonly identifier: string;
  /** The resource id, which begins with `db-`. */
  readonly resourceId: string;
  /** The ARN of the instance, in the account and Region of the stack. */
  readonly arn: string;
  /** The host name of the primary. */
  readonly endpoint: string;
  /** The port of the primary. */
  readonly port: number;
  readonly engineVersion: EngineVersion;
  readonly instanceClass: string;
  readonly databases: readonly string[];
  readonly vpc?: IVpc;
  /** CIDR blocks of production's network; empty when they are not known. */
  readonly vpcCidrs: readonly string[];
  readonly subnets?: SubnetSelection;
  readonly securityGroup?: ISecurityGroup;
  readonly masterSecret?: ISecret;
  readonly encryptionKey?: IKey;
  readonly standbyMinimums?: StandbyMinimums;

  private constructor(scope: Construct, id: string, describe: Description | ((self: Construct) => Description)) {
    super(scope, id);
    const description = typeof describe === 'function' ? describe(this) : describe;
    this.origin = description.origin;
    this.identifier = description.identifier;
    this.resourceId = description.resourceId;
    this.endpoint = description.endpoint;
    this.port = description.port;
    this.engineVersion = description.engineVersion;
    this.instanceClass = description.instanceClass;
    this.databases = description.databases;
    this.vpc = description.vpc;
    this.vpcCidrs = description.vpcCidrs;
    this.subnets = description.subnets;
    this.securityGroup = description.securityGroup;
    this.masterSecret = description.masterSecret;
    this.encryptionKey = description.encryptionKey;
    this.standbyMinimums = description.standbyMinimums;
    this.arn =
      description.arn ??
      Stack.of(this).formatArn({ service: 'rds', resource: 'db', resourceName: this.identifier, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    refuse(this, [
      {
        when: !Token.isUnresolved(this.identifier) && !isIdentifier(this.identifier),
        say: `the instance identifier is '${this.identifier}'; write it as RDS keeps it: at most 63 lower-case letters, digits and single hyphens`,
      },
      {
        when: !Token.isUnresolved(this.identifier) && kitPrefix(this.identifier) !== undefined,
        say: `the instance identifier is '${this.identifier}', and ${kitPrefix(this.identifier)} begins the names of the kit's own copies, which it may delete; describe production`,
      },
      {
        when: !Token.isUnresolved(this.resourceId) && !/^db-[A-Z0-9]+$/.test(this.resourceId),
        say: `resourceId is '${this.resourceId}'; write the DbiResourceId, which looks like db-ABCDEFGHIJKLMNOPQRSTUVWXY2 and is neither the ARN nor the identifier`,
      },
      {
        when: !Token.isUnresolved(this.endpoint) && insteadOfEndpoint(this.endpoint) !== undefined,
        say: `endpoint is '${this.endpoint}'; write ${insteadOfEndpoint(this.endpoint)}`,
      },
      { when: this.databases.length === 0, say: 'databases is empty; name at least one database that agents may read' },
      {
        when: this.port === AGENT_DATABASE_PORT,
        say: `port is ${this.port}, which is the port of the agents' databases; production must listen on another one, so that no rule for agents can ever open it`,
      },
      { when: unsupported(this.engineVersion) !== undefined, say: `engineVersion: ${unsupported(this.engineVersion)}` },
    ]);
  }

  /**
   * How CloudFormation names this database as the source of a physical replica. Always the ARN: with the bare
   * identifier RDS refuses a replica in another subnet group (`DBSubnetGroupNotAllowedFault`).
   */
  replicationSource(): { readonly sourceDbInstanceIdentifier: string } {
    return { sourceDbInstanceIdentifier: this.arn };
  }

  /** How CloudFormation names this database as the source of a copy at the latest restorable second. */
  restoreSource(): { readonly sourceDbiResourceId: string; readonly useLatestRestorableTime: true } {
    return { sourceDbiResourceId: this.resourceId, useLatestRestorableTime: true };
  }
}

/** The CIDR block of a network where it is a literal: imported networks may not know it, tokens are known only in deployment. */
function knownCidrs(vpc: IVpc | undefined): string[] {
  const own = vpc?.node.defaultChild;
  if (own instanceof CfnVPC) return literal(own.cidrBlock);
  try {
    return literal(vpc?.vpcCidrBlock);
  } catch {
    return []; // Vpc.fromVpcAttributes without vpcCidrBlock throws when it is asked
  }
}

function literal(cidr: string | undefined): string[] {
  return cidr === undefined || Token.isUnresolved(cidr) ? [] : [cidr];
}
