//! Rights: what each role may do, and which audiences it may follow (SECURITY.md). Lead and deputy may do everything.

use proto::{
    class::{Cell, Class, Level, Scope},
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

/// Read-only roles that see counts.
pub(crate) const COUNTS_ONLY: [Role; 2] = [Role::Director, Role::SeniorManager];

/// The rights a plan requires of its author: a verb on a class of data, and a role that the procedure names. A fact
/// requires only membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Any of these classes.
    pub(crate) classes: &'static [Class],
    pub(crate) verb: Verb,
    who: Who,
    /// Capped by the login's ceiling: the plan assigns rights, controls who may know a destination, or exports a
    /// file.
    is_capped: bool,
    /// The operator's import may submit it.
    is_set_up: bool,
    /// The room itself submits it.
    by_system: bool,
}

/// A plan's operation on a class of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Adds an entry of the author's own.
    Add,
    /// Reads, adds and changes.
    Write,
}

impl Verb {
    /// Returns whether a cell of the matrix grants it.
    const fn is_in(self, cell: Cell) -> bool {
        match self {
            Self::Add => !matches!(cell.level, Level::None | Level::Counts | Level::Masked),
            Self::Write => matches!(cell.level, Level::Write),
        }
    }

    /// Returns whether a ceiling grants it for everything of the class.
    fn is_under(self, ceiling: Ceiling, class: Class) -> bool {
        let cell = ceiling.on(class);
        self.is_in(cell) && cell.scope == Scope::All
    }
}

/// The members that may submit a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Any member with a working role.
    WorkingRole,
    /// Lead, deputy and any of these roles.
    OneOf(&'static [Role]),
    /// No member.
    Nobody,
}

impl Needs {
    /// The room itself.
    pub(crate) const SYSTEM: Self =
        Self { by_system: true, ..Self::of(&[Class::Team], Verb::Write, Who::Nobody) };
    /// The node's operator.
    pub(crate) const OPERATOR: Self = Self::of(&[Class::Log], Verb::Write, Who::Nobody).set_up();

    const fn of(classes: &'static [Class], verb: Verb, who: Who) -> Self {
        Self { classes, verb, who, is_capped: false, is_set_up: false, by_system: false }
    }

    /// Any member with a working role.
    pub(crate) const fn add(classes: &'static [Class]) -> Self {
        Self::of(classes, Verb::Add, Who::WorkingRole)
    }

    /// Lead or deputy.
    pub(crate) const fn lead(classes: &'static [Class]) -> Self {
        Self::write(classes, &[])
    }

    /// Any of these roles, or lead or deputy.
    pub(crate) const fn write(classes: &'static [Class], roles: &'static [Role]) -> Self {
        Self::of(classes, Verb::Write, Who::OneOf(roles))
    }

    /// Additionally requires that the login's ceiling grants the class.
    pub(crate) const fn capped(self) -> Self {
        Self { is_capped: true, ..self }
    }

    /// Additionally allows the operator's import, which sets a room up.
    pub(crate) const fn set_up(self) -> Self {
        Self { is_set_up: true, ..self }
    }

    /// Returns whether a role grants it.
    pub(crate) fn is_for(self, role: Role) -> bool {
        let leads = matches!(role, Role::Lead | Role::Deputy);
        let is_named = match self.who {
            Who::WorkingRole => !COUNTS_ONLY.contains(&role),
            Who::OneOf(roles) => leads || roles.contains(&role),
            Who::Nobody => false,
        };
        is_named && self.classes.iter().any(|class| self.verb.is_in(role.on(*class)))
    }
}

impl Room {
    /// Refuses a command that its author may not submit.
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
        let carries = |needs: Needs| {
            let caps = |ceiling: Ceiling| {
                needs.classes.iter().all(|class| needs.verb.is_under(ceiling, *class))
            };
            !needs.is_capped || cfg!(plant = "code_lets_in") || by.ceiling.is_some_and(caps)
        };
        if !needs.is_none_or(carries) {
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
        let may = needs.is_none_or(|needs| roles.iter().any(|role| needs.is_for(*role)));
        if may { Ok(()) } else { refuse("your roles in this room do not carry this") }
    }

    /// Returns whether a command concerns help or the author's own safety.
    fn is_safety(&self, member: MemberId, command: &Command) -> bool {
        let is_own = |fact: &Fact| nouns::is_own_safety(self, member, fact);
        matches!(command, Command::Fact(fact) if is_own(fact))
    }

    /// Returns whether a member may read a class of data through any of their roles.
    pub(crate) fn reads(&self, member: MemberId, class: Class) -> bool {
        let least = if cfg!(plant = "masked_read") { Level::Masked } else { Level::Read };
        self.roles(member).iter().any(|role| role.on(class).level >= least)
    }

    /// Returns whether an actor may admit others: lead or deputy, and not through a code or an outside link.
    pub fn may_let_in(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, &[])
    }

    /// Returns whether an actor is staff and may register people.
    pub fn may_register(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, REGISTRARS)
    }

    /// Returns whether an actor may add homes, and so import the lists that homes are looked up in. A list is shared,
    /// so an outside link for one person does not grant it.
    pub fn may_add_homes(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        self.is_staff_with(actor, ceiling, ADD_HOMES)
    }

    /// Returns whether an actor has a staff login and is lead, deputy or holds one of these roles.
    fn is_staff_with(&self, actor: Actor, ceiling: Option<Ceiling>, roles: &[Role]) -> bool {
        let Actor::Member(member) = actor else { return false };
        let holds =
            self.leads(member) || self.roles(member).iter().any(|role| roles.contains(role));
        ceiling == Some(Ceiling::Staff) && holds
    }

    /// Returns whether an actor may follow the room as an audience.
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
