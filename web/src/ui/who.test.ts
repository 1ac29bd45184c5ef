import { describe, expect, it } from 'vitest';
import { tellWho } from './who';

const person = { name: 'Mabel Oakenshaw', reference: 'K7F' };

describe('the person in a log line', () => {
  it('is found where the room wrote it', () => {
    expect(tellWho('Somebody is seeing to Mabel Oakenshaw (K7F).', person)).toEqual([
      'Somebody is seeing to ',
      'Mabel Oakenshaw (K7F)',
      '.',
    ]);
  });

  it('is found by the reference after the name was corrected', () => {
    expect(tellWho('Mable Oakenshaw (K7F) left.', person)).toEqual([
      'Mable Oakenshaw ',
      '(K7F)',
      ' left.',
    ]);
  });

  it('is put before a line that names nobody', () => {
    expect(tellWho('Daughter rang.', person)).toEqual(['', 'K7F', ' Daughter rang.']);
  });
});
