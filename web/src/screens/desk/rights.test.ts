import { describe, expect, it } from 'vitest';
import { mayAsk, whoMay } from './rights';

describe('who may ask what, on the desk', () => {
  it('a loggist may write in the log and not name a worker, and is told who may', () => {
    expect(mayAsk('add_log_line', ['loggist'])).toBe(true);
    expect(mayAsk('name_worker', ['loggist'])).toBe(false);
    expect(mayAsk('name_worker', ['loggist', 'deputy'])).toBe(true);
    expect(mayAsk('add_log_line', [])).toBe(false);
    expect(whoMay('name_worker')).toBe(
      'The lead, the deputy and these roles may do this: reassessments, business support.',
    );
  });

  it('which gate it is and which file it is decides', () => {
    expect(mayAsk('pass_gate G22', ['team_leader_site'])).toBe(true);
    expect(mayAsk('pass_gate G3', ['team_leader_site'])).toBe(false);
    expect(mayAsk('record_export people.csv', ['bizsup'])).toBe(true);
    expect(mayAsk('record_export log.csv', ['bizsup'])).toBe(false);
  });

  it('whoever has no role may call for help and sign on and off, and no role asks what the room does itself', () => {
    for (const asked of ['call_for_help', 'sign_on', 'sign_off'] as const) {
      expect(mayAsk(asked, [])).toBe(true);
    }
    expect(mayAsk('depart_service_user', [])).toBe(false);
    expect(mayAsk('admit_member', ['lead'])).toBe(false);
    expect(whoMay('admit_member')).toBe('Nobody at a desk may do this.');
  });

  it('holds letting in to a staff link', () => {
    expect(whoMay('let_in')).toBe(
      'The lead co-ordinating manager and the deputy may do this. Not by a door code: a staff link is needed.',
    );
    expect(whoMay('add_log_line')).toBe('Every member with a role may do this.');
  });
});
