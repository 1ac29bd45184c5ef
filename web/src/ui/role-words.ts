import type { Role } from '../lib/wire/role';

export const roleWord: Record<Role, string> = {
  lead: 'Lead co-ordinating manager',
  deputy: 'Deputy',
  reassess: 'Reassessments',
  mca: 'Mental capacity',
  bim: 'Best interests',
  vacancies: 'Vacancies',
  finance: 'Finance',
  placements: 'Placements',
  moving: 'Moving and handling',
  transport: 'Transport',
  family: 'Family liaison',
  meds: 'Medicines and packing',
  records: 'Case records',
  staffsup: 'Staff support',
  media: 'Media and enquiries',
  bizsup: 'Business support',
  loggist: 'Loggist',
  named_sw: 'Named social worker',
  team_leader_site: 'Team leader at the home',
  nurse: 'Nurse',
  home_manager: 'Appointed home manager',
  director: 'Director',
  senior_manager: 'Senior manager',
};

/** The role beside initials on the wall, where space is short. */
export const roleShort: Record<Role, string> = {
  ...roleWord,
  lead: 'Lead',
  mca: 'Capacity',
  moving: 'Moving',
  family: 'Family',
  meds: 'Packing',
  records: 'Records',
  media: 'Media',
  bizsup: 'Support',
  staffsup: 'Staff',
  named_sw: 'Social work',
  team_leader_site: 'Team leader',
  home_manager: 'Manager',
};
