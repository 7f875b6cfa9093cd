import { renderJson } from '../../lib/audit/render-json';
import { hostile, passport, refuted } from './report-fixture';

describe('the report for machines', () => {
  const document = JSON.parse(renderJson(refuted));

  test('has exactly the keys that are promised', () => {
    expect(Object.keys(document)).toEqual(['verdict', 'about', 'rules', 'findings', 'assumptions', 'accepted', 'notClaimed']);
    expect(Object.keys(document.rules[0])).toEqual(['id', 'claim', 'verdict']);
    expect(Object.keys(document.findings[0])).toEqual(['rule', 'verdict', 'subject', 'because', 'fix', 'path']);
    expect(Object.keys(document.accepted[0].finding)).toEqual(['rule', 'verdict', 'subject', 'because', 'fix', 'path']);
  });

  test('has the steps of a finding as its path, and an empty path where there are none', () => {
    expect(document.findings[0].path).toHaveLength(2);
    expect(document.findings[1].path).toEqual([]);
  });

  test('spells symbols out', () => {
    expect(document.findings[0].path[1].to).toBe('${Shop.Production.DBInstanceArn}');
    expect(renderJson(refuted)).not.toMatch(/[\uE000\uE001]/);
    expect(passport.steps[1]!.to).toMatch(/\uE000/);
  });

  test('can be read back whatever the names are', () => {
    expect(JSON.parse(renderJson(hostile)).findings).toHaveLength(hostile.findings.length);
  });
});
