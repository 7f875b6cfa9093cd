import type { IConstruct } from 'constructs';
import type { DeclaredProduction } from '../core/guarantees';
import { declaredValue } from './declare';
import type { ProductionDatabase } from './production-database';

/** Production, as a declaration of `scope` states it. */
export function declaredProduction(scope: IConstruct, production: ProductionDatabase): DeclaredProduction {
  const value = (text: string | undefined) => declaredValue(scope, text);
  return {
    identifier: value(production.identifier),
    arn: value(production.arn),
    resourceId: value(production.resourceId),
    endpoint: value(production.endpoint),
    port: production.port,
    vpc: value(production.vpc?.vpcId),
    securityGroup: value(production.securityGroup?.securityGroupId),
    masterSecret: value(production.masterSecret?.secretArn),
    encryptionKey: value(production.encryptionKey?.keyArn),
  };
}
