import type { Resource, Value } from '../model';
import { generated, unknown } from '../text';
import { at, defaultGroupOf, listOf, type Facts, type Key } from './facts';
import type { Groups } from './security-groups';
import { standingsIn, valuesUnder } from './standings';
import type { Subnets } from './subnets';

/** Where connections start: something that runs in a network, or may run there. */
export interface Place {
  /** Resource id, or what it is called. */
  readonly id: string;
  readonly name: string;
  /**
   * Which security groups are worn there at once; several where it may be any of them, e.g. anything in a network. An empty
   * set wears none: a network load balancer without groups, which nothing holds back.
   */
  readonly wears: readonly (readonly Key[])[];
  readonly subnets: readonly Key[];
  /** Nothing outside of any network: a laptop, a function that is not in a VPC. */
  readonly vpc: Key | undefined;
}

/** Outside of all networks: a laptop, CI, anybody. */
export const INTERNET: Place = { id: 'internet', name: 'the internet', wears: [[]], subnets: [], vpc: undefined };

interface Standing {
  readonly subnets?: Value;
  readonly groups?: Value;
  readonly vpc?: Value;
}

type Reader = (properties: Resource['properties']) => readonly Standing[];

const inVpcConfig = (...path: readonly string[]): Reader => (properties) => {
  const config = at(properties, ...path);
  return config === undefined
    ? []
    : [{ subnets: at(config, 'SubnetIds') ?? at(config, 'Subnets'), groups: at(config, 'SecurityGroupIds') ?? at(config, 'SecurityGroups'), vpc: at(config, 'VpcId') }];
};

/** How types of resources say where they stand. A type that may stand nowhere, and does not say, is on the internet. */
const STANDING: Readonly<Record<string, Reader>> = {
  'AWS::Lambda::Function': inVpcConfig('VpcConfig'),
  'AWS::ECS::Service': inVpcConfig('NetworkConfiguration', 'AwsvpcConfiguration'),
  'AWS::ECS::TaskSet': inVpcConfig('NetworkConfiguration', 'AwsvpcConfiguration'),
  'AWS::CodeBuild::Project': inVpcConfig('VpcConfig'),
  'AWS::SageMaker::NotebookInstance': (own) => [{ subnets: own.SubnetId, groups: own.SecurityGroupIds }],
  'AWS::SageMaker::Model': inVpcConfig('VpcConfig'),
  'AWS::BedrockAgentCore::Runtime': inVpcConfig('NetworkConfiguration', 'NetworkModeConfig'),
  'AWS::BedrockAgentCore::CodeInterpreterCustom': inVpcConfig('NetworkConfiguration', 'VpcConfig'),
  'AWS::BedrockAgentCore::BrowserCustom': inVpcConfig('NetworkConfiguration', 'VpcConfig'),
  'AWS::Glue::Connection': (own) => {
    const place = at(own, 'ConnectionInput', 'PhysicalConnectionRequirements');
    return place === undefined ? [] : [{ subnets: at(place, 'SubnetId'), groups: at(place, 'SecurityGroupIdList') }];
  },
  'AWS::EKS::Cluster': inVpcConfig('ResourcesVpcConfig'),
  'AWS::EC2::NetworkInterface': (own) => [{ subnets: own.SubnetId, groups: own.GroupSet }],
  'AWS::EC2::InstanceConnectEndpoint': (own) => [{ subnets: own.SubnetId, groups: own.SecurityGroupIds }],
  'AWS::Cloud9::EnvironmentEC2': (own) => [{ subnets: own.SubnetId }],
  'AWS::EC2::Instance': (own) =>
    own.NetworkInterfaces === undefined
      ? [{ subnets: own.SubnetId, groups: own.SecurityGroupIds ?? own.SecurityGroups }]
      : listOf(own.NetworkInterfaces).map((card) => ({ subnets: at(card, 'SubnetId') ?? at(card, 'NetworkInterfaceId'), groups: at(card, 'GroupSet') })),
};

/** The types of resources of which `placesOf` tells where they stand. */
export const PLACED_TYPES: readonly string[] = [...Object.keys(STANDING), 'AWS::AutoScaling::AutoScalingGroup'];

export interface Places {
  /** From where a resource connects; nothing for one that does not connect anywhere. A VPC is everything in it. */
  of(id: string): readonly Place[];
  /** From where groups and subnets connect. */
  at(id: string, name: string, subnets: Value | undefined, groups: Value | undefined, vpc?: Value): Place;
}

export function placesOf(facts: Facts, groups: Groups, subnets: Subnets): Places {
  const placeAt: Places['at'] = (id, name, subnetValues, groupValues, vpcValue) => {
    const named = listOf(subnetValues).map((value) => facts.key(value));
    const worn = listOf(groupValues).map((value) => facts.key(value));
    const vpc = facts.key(vpcValue) || named.map((key) => subnets.get(key).vpc).find((key) => key !== '') || worn.flatMap((key) => groups.get(key).vpcs)[0] || '';
    return {
      id,
      name,
      vpc,
      wears: [worn.length > 0 ? worn : [defaultGroupOf(vpc)]],
      subnets: named.length > 0 ? named : subnets.ofVpc(vpc).map(({ key }) => key),
    };
  };
  return {
    at: placeAt,
    of: (id) => {
      const resource = facts.get(id);
      const name = facts.name(id);
      if (!resource) return [];
      if (resource.type === 'AWS::EC2::VPC') return [wholeVpc(id, name)];
      if (resource.type === 'AWS::EC2::SecurityGroup') return [placeAt(id, name, undefined, [generated(id, 'GroupId')], resource.properties.VpcId)];
      if (resource.type === 'AWS::AutoScaling::AutoScalingGroup') return [scalingGroup(resource, name)];
      const standing = STANDING[resource.type]?.(resource.properties);
      if (!standing) return standingsIn(resource.properties).map((where) => placeAt(id, name, where.subnets, where.groups ?? launchGroups(resource)));
      if (standing.length === 0) return [{ ...INTERNET, id, name }];
      return standing.map((where) => placeAt(id, name, where.subnets, where.groups ?? launchGroups(resource), where.vpc));
    },
  };

  function wholeVpc(id: string, name: string): Place {
    const together = PLACED_TYPES.flatMap((type) => facts.ofType(type))
      .flatMap((resource) => STANDING[resource.type]?.(resource.properties) ?? [])
      .map((where) => listOf(where.groups).map((value) => facts.key(value)))
      .filter((worn) => worn.length > 1 && worn.some((key) => groups.get(key).vpcs.includes(id)));
    return { id, name, vpc: id, wears: [...groups.inVpc(id).map((key) => [key]), ...together], subnets: subnets.ofVpc(id).map(({ key }) => key) };
  }

  function scalingGroup(resource: Resource, name: string): Place {
    const { id, properties } = resource;
    return placeAt(id, name, properties.VPCZoneIdentifier, launchGroups(resource));
  }

  /** The groups of every template or configuration that something is launched from; one from elsewhere may have any. */
  function launchGroups({ properties }: Resource): Value | undefined {
    const launches = [...valuesUnder(properties, /^LaunchTemplate(Id|Name)$/), ...listOf(properties.LaunchConfigurationName)];
    if (launches.length === 0) return undefined;
    return launches.flatMap((value) => {
      const launch = facts.get(facts.key(value)) ?? facts.named('AWS::EC2::LaunchTemplate', 'LaunchTemplateName', value);
      if (!launch) return [unknown(`the security groups of ${facts.name(facts.key(value))}`)];
      const data = at(launch.properties, 'LaunchTemplateData') ?? launch.properties;
      return [at(data, 'SecurityGroupIds'), at(data, 'SecurityGroups'), ...listOf(at(data, 'NetworkInterfaces')).map((card) => at(card, 'Groups'))].flatMap(listOf);
    });
  }
}
