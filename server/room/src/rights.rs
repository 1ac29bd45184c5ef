//! Rights: what roles may do, and which faces they may follow (SECURITY.md). Lead and deputy may all.

use proto::{
    command::Command,
    id::MemberId,
    member::Actor,
    nouns::Fact,
    refusal::{Code, Refusal},
    role::{Audience, Ceiling, Role},
};

use crate::{
    context::Context,
    noun::{home::ADD_HOMES, refuse, register::REGISTRARS},
    nouns,
    room::Room,
};

/// Roles that read counts and write nothing.
const COUNTS_ONLY: [Role; 2] = [Role::Director, Role::SeniorManager];

/// What a plan needs of its author. A fact needs a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    who: Who,
    /// It says who may do what, who may know where somebody goes, or takes a file away: more than a door code carries.
    by_staff: bool,
    /// The operator's import may submit it.
    is_set_up: bool,
    /// The room itself submits it.
    by_system: bool,
}

/// Which members a plan is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Any member with a working role.
    WorkingRole,
    /// Lead and deputy, and one of these roles.
    OneOf(&'static [Role]),
    /// Nobody who logs in.
    Nobody,
}

impl Needs {
    /// Any member with a working role.
    pub(crate) const WORKING_ROLE: Self = Self::of(Who::WorkingRole);
    /// Lead or deputy.
    pub(crate) const LEAD: Self = Self::of(Who::OneOf(&[]));
    /// The room itself.
    pub(crate) const SYSTEM: Self = Self { by_system: true, ..Self::of(Who::Nobody) };
    /// Whoever runs the node.
    pub(crate) const OPERATOR: Self = Self::of(Who::Nobody).set_up();

    const fn of(who: Who) -> Self {
        Self { who, by_staff: false, is_set_up: false, by_system: false }
    }

    /// One of these roles, or lead or deputy.
    pub(crate) const fn one_of(roles: &'static [Role]) -> Self {
        Self::of(Who::OneOf(roles))
    }

    /// The same, by a staff login alone.
    pub(crate) const fn by_staff(self) -> Self {
        Self { by_staff: true, ..self }
    }

    /// The same, and the operator's import: it sets a room up.
    pub(crate) const fn set_up(self) -> Self {
        Self { is_set_up: true, ..self }
    }
}

impl Room {
    /// Refuses what the author may not ask.
    pub(crate) fn allow(&self, by: &Context, command: &Command) -> Result<(), Refusal> {
        let needs = match command {
            Command::Plan(plan) => Some(nouns::needs(plan)),
            Command::Fact(_) => None,
        };
        let refuse = |words: &str| refuse(Code::NotYours, words);
        let member = match by.actor {
            Actor::Importer if needs.is_some_and(|needs| needs.is_set_up) => return Ok(()),
            Actor::System if needs.is_some_and(|needs| needs.by_system) => return Ok(()),
            Actor::Importer | Actor::System => {
                return refuse("an import sets a room up, and does nothing else in it");
            }
            Actor::Screen => return refuse("a screen only shows"),
            Actor::Member(member) => member,
        };
        if !self.members.contains_key(&member) {
            return refuse("you are not a member of this room");
        }
        let is_capped = by.ceiling != Some(Ceiling::Staff);
        #[cfg(plant = "code_lets_in")]
        let is_capped = false;
        if is_capped && needs.is_some_and(|needs| needs.by_staff) {
            return refuse(
                "you came in by a code or from outside; somebody with a staff link does this",
            );
        }
        let roles = self.roles(member);
        if roles.iter().all(|role| COUNTS_ONLY.contains(role)) && !self.is_safety(member, command) {
            return refuse(if roles.is_empty() {
                "you have no role in this room yet. Help, and your own signing on and off, are open to you"
            } else {
                "your role reads the counts; the room acts. Help, and your own signing on and off, are open to you"
            });
        }
        let may = needs.is_none_or(|needs| match needs.who {
            Who::WorkingRole => true,
            Who::OneOf(wanted) => {
                self.leads(member) || wanted.iter().any(|role| roles.contains(role))
            }
            Who::Nobody => false,
        });
        if may { Ok(()) } else { refuse("your roles in this room do not carry this") }
    }

    /// Tells whether a command is about help or the author's own safety.
    fn is_safety(&self, member: MemberId, command: &Command) -> bool {
        let is_own = |fact: &Fact| nouns::is_own_safety(self, member, fact);
        matches!(command, Command::Fact(fact) if is_own(fact))
    }

    /// Tells whether somebody may let others in: lead or deputy, and not by a code or a link from outside.
    pub fn may_let_in(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, &[])
    }

    /// Tells whether somebody of the staff registers people.
    pub fn may_register(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, REGISTRARS)
    }

    /// Tells whether somebody may add homes, and so bring in the lists that they are found in. A list is
    /// everybody's, so that a link for one person from outside does not carry it.
    pub fn may_add_homes(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, ADD_HOMES)
    }

    /// Tells whether somebody with a staff login leads, is deputy or holds one of these roles.
    fn is_staff_with(&self, actor: Actor, ceiling: Option<Ceiling>, roles: &[Role]) -> bool {
        let Actor::Member(member) = actor else { return false };
        let holds =
            self.leads(member) || self.roles(member).iter().any(|role| roles.contains(role));
        ceiling == Some(Ceiling::Staff) && holds
    }

    /// Tells whether somebody may follow the room as an audience.
    pub fn may_follow(&self, actor: Actor, ceiling: Option<Ceiling>, audience: Audience) -> bool {
        let member = match actor {
            Actor::Screen => return audience == Audience::Wall,
            Actor::Importer | Actor::System => return false,
            Actor::Member(member) => member,
        };
        let Some(Ceiling::Staff | Ceiling::Code | Ceiling::Link) = ceiling else { return false };
        let roles = self.roles(member);
        let works = roles.iter().any(|role| !COUNTS_ONLY.contains(role));
        match audience {
            Audience::Wall => false,
            Audience::Desk => works && ceiling != Some(Ceiling::Link),
            Audience::Phone => works,
            Audience::Sitrep => !roles.is_empty(),
        }
    }
}
