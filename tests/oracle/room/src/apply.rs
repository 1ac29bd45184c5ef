//! The fold: an entry changes the state and tells which rows it touched. It cannot fail: what an entry
//! names and the room does not know is passed over, the same way on every machine.

use std::collections::BTreeMap;

use proto::{
    entry::Entry,
    event::Event,
    home::Home,
    id::{MemberId, SignInId, Time},
    key::Key,
    member::Actor,
    row::incident::IncidentStage,
    site::{Presence, SiteKind, Timer},
};

use crate::{
    incident::{IncidentState, Part},
    shown::calls_of_member,
    site::SignIn,
    state::{Edit, Member, Room, Touched},
};

impl Room {
    /// Applies an entry and returns the keys of the rows it changed. No time outside the era reaches the state.
    pub fn apply(&mut self, entry: &Entry) -> Touched {
        let entry = &*entry.within_era();
        let mut touched = Touched::new();
        let before = self.told_before(entry);
        for event in &entry.events {
            self.apply_event(entry, event, &mut touched);
        }
        if let Some(before) = before {
            self.touch_retold(&before, &mut touched);
        }
        self.keep_act(entry, &mut touched);
        if let Some(line) = self.line_of(entry) {
            touched.extend(self.log.add(entry.seq, line));
        }
        self.keep_shown(&touched);
        self.remember(entry.seq, entry.at, touched.clone());
        touched
    }

    /// Counts any act of a signed-in member as a check-in (R18).
    fn keep_act(&mut self, entry: &Entry, touched: &mut Touched) {
        let Actor::Member(member) = entry.actor else { return };
        let open = self.members.get(&member).and_then(|member| member.signed_in);
        let Some(open) = open else { return };
        let is_overdue = |room: &Self| {
            room.sign_ins.get(&open).is_some_and(|sign_in| sign_in.state == Presence::Overdue)
        };
        if is_overdue(self) {
            touched.insert(Key::Team);
        }
        let changed = self.change_sign_in(open, |sign_in| {
            sign_in.last_act = entry.at;
            sign_in.well_at = entry.at;
            if matches!(sign_in.state, Presence::Overdue | Presence::ConfirmedSafe) {
                sign_in.state = Presence::OnSite;
            }
        });
        touched.extend(changed.map(Key::SignIn));
    }

    /// Changes a sign-in and sets its timers anew; returns its id when there is one.
    pub(crate) fn change_sign_in(
        &mut self,
        id: SignInId,
        change: impl FnOnce(&mut SignIn),
    ) -> Option<SignInId> {
        let sign_in = self.sign_ins.get_mut(&id)?;
        let before = sign_in.timers();
        change(sign_in);
        let after = sign_in.timers();
        for timer in before.into_iter().filter(|timer| !after.contains(timer)) {
            self.timers.remove(&timer);
        }
        for (due, timer) in after {
            self.set_timer(due, timer);
        }
        Some(id)
    }

    /// Applies one event.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are about service users")]
    fn apply_event(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::IncidentOpened { .. }
            | Event::IncidentChanged { .. }
            | Event::DeadlineSet { .. }
            | Event::DeadlinesLifted { .. }
            | Event::DeadlineLifted { .. }
            | Event::PremisesCleared { .. } => {
                touched.insert(Key::Incident);
                if self.incident.is_none() {
                    touched.extend([Key::Census, Key::Team, Key::Gates]);
                }
                self.apply_incident(entry, event);
            }
            Event::SiteOpened { site } => {
                self.sites.insert(site.site, site.clone());
                self.name_place(site.name.as_str(), touched);
                touched.insert(Key::Site(site.site));
            }
            Event::HomeAdded { home } => self.apply_home(home, touched),
            Event::MemberAdmitted { .. }
            | Event::RolesGiven { .. }
            | Event::CoverTaken { .. }
            | Event::CoverEnded { .. } => self.apply_team(entry, event, touched),
            Event::MembersExpected { .. }
            | Event::ExpectingStopped { .. }
            | Event::DoorOpened { .. }
            | Event::DoorClosed
            | Event::AskedAtDoor { .. }
            | Event::TurnedAway { .. } => self.apply_door(entry, event, touched),
            Event::HelpCalled { .. } | Event::HelpAnswered { .. } | Event::HelpEnded { .. } => {
                self.apply_help(entry, event, touched);
            }
            Event::PacksPrinted { .. } | Event::PacksAccountedFor { .. } => {
                self.apply_packs(entry, event, touched);
            }
            Event::EditSetAside { person, groups, mine, stands } => {
                let edit = Edit {
                    person: *person,
                    groups: groups.clone(),
                    mine: (**mine).clone(),
                    stands: (**stands).clone(),
                    by: entry.actor,
                    at: entry.happened(),
                };
                self.edits.insert(entry.command, edit);
                touched.insert(Key::Edit(entry.command));
            }
            Event::SignedOn { .. }
            | Event::CheckedIn { .. }
            | Event::ConfirmedSafe { .. }
            | Event::SignOffAsked { .. }
            | Event::SignOffAcknowledged { .. }
            | Event::SignedOff { .. } => self.apply_site(entry, event, touched),
            Event::AlarmRaised { timer } => {
                touched.extend(self.apply_alarm(timer));
                touched.insert(Key::Team);
            }
            Event::LogLineCorrected { line, .. } => {
                self.log.strike(*line, entry.seq);
                touched.insert(Key::Log(*line));
            }
            Event::LogLineAdded { .. }
            | Event::UnknownPersonReported { .. }
            | Event::ExportTaken { .. } => {}
            _ => self.apply_person(entry, event, touched),
        }
    }

    /// Adds a home.
    fn apply_home(&mut self, home: &Home, touched: &mut Touched) {
        self.homes.insert(home.home, home.clone());
        for name in [&home.name, &home.short_name] {
            self.home_names.add(name.as_str());
            self.name_place(name.as_str(), touched);
        }
        touched.extend([Key::Home(home.home), Key::Team]);
    }

    /// Applies what is about the roster. Rights may differ from this entry on.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the roster's own events come here")]
    fn apply_team(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::MemberAdmitted { member, profile, ceiling } => {
                let admitted = Member {
                    profile: profile.clone(),
                    ceiling: *ceiling,
                    signed_in: None,
                    last: None,
                    covers: BTreeMap::new(),
                    acting: Vec::new(),
                };
                let calls = calls_of_member(profile);
                let older = self.members.insert(*member, admitted);
                let older = older.map(|older| calls_of_member(&older.profile));
                self.rename(&older.unwrap_or_default(), &calls, touched);
                self.settle_roles(*member);
                self.came_in(*member, &profile.name, touched);
                self.touch_roster(entry, *member, touched);
            }
            Event::RolesGiven { member, roles } => {
                if let Some(known) = self.members.get_mut(member) {
                    known.profile.roles.clone_from(roles);
                }
                self.settle_roles_of(*member, touched);
                self.touch_roster(entry, *member, touched);
                let signed_in = self.members.get(member).and_then(|member| member.signed_in);
                touched.extend(signed_in.map(Key::SignIn));
            }
            Event::CoverTaken { member, by } => {
                self.apply_cover(entry.at, *member, *by, touched);
                self.roster_at = entry.seq;
            }
            Event::CoverEnded { member, by, .. } => {
                self.apply_end_cover(*member, *by, touched);
                self.roster_at = entry.seq;
            }
            _ => {}
        }
    }

    /// Marks that the roster changed by this entry.
    fn touch_roster(&mut self, entry: &Entry, member: MemberId, touched: &mut Touched) {
        self.roster_at = entry.seq;
        touched.extend([Key::Member(member), Key::Team]);
    }

    /// Applies what is about the incident.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the incident's own events come here")]
    fn apply_incident(&mut self, entry: &Entry, event: &Event) {
        if let Event::IncidentOpened { incident } = event {
            self.incident = Some(IncidentState::new(incident.clone(), entry.at));
        }
        let Some(state) = &mut self.incident else { return };
        match event {
            Event::IncidentChanged { change } => {
                for (part, _) in Part::of(change) {
                    state.edited.insert(part, (entry.seq, entry.device));
                }
                let change = change.clone();
                let incident = &mut state.incident;
                incident.title = change.title.unwrap_or_else(|| incident.title.clone());
                incident.order = change.order.or_else(|| incident.order.take());
                incident.contacts = change.contacts.or_else(|| incident.contacts.take());
                incident.telephone = change.telephone.or_else(|| incident.telephone.take());
            }
            Event::DeadlineSet { deadline } => {
                let at = deadline.at;
                state.deadlines.insert((at, entry.seq), deadline.clone());
                self.set_timer(at, Timer::DeadlinePassed { at });
            }
            Event::DeadlinesLifted { at, .. } => {
                state.deadlines.retain(|(time, _), _| time != at);
                self.still_deadline(*at);
            }
            Event::DeadlineLifted { entry: set_by, .. } => {
                let lifted = state.deadlines.extract_if(.., |(_, entry), _| entry == set_by);
                let times: Vec<Time> = lifted.map(|((at, _), _)| at).collect();
                for at in times {
                    self.still_deadline(at);
                }
            }
            Event::PremisesCleared { except, .. } => {
                state.stage = if except.is_empty() {
                    IncidentStage::Cleared
                } else {
                    IncidentStage::ClearedExcept
                };
            }
            _ => {}
        }
    }

    /// Takes the timer of a time away at which no deadline stands.
    fn still_deadline(&mut self, at: Time) {
        let stands = self.incident.as_ref().is_some_and(|state| !state.standing(at).is_empty());
        if !stands {
            self.timers.remove(&(at, Timer::DeadlinePassed { at }));
        }
    }

    /// Applies what is about a sign-in.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a sign-in's own events come here")]
    fn apply_site(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        let changed = match event {
            Event::SignedOn { member, .. } => {
                // Phones show the sign-in that ended last only until the next begins.
                let last = self.members.get_mut(member).and_then(|member| member.last.take());
                touched.extend(last.map(Key::SignIn));
                self.apply_sign_on(entry, event)
            }
            Event::CheckedIn { sign_in, planned_end, on_word_of } => {
                self.change_sign_in(*sign_in, |sign_in| {
                    sign_in.well_at = entry.at;
                    if let Some(end) = planned_end {
                        (sign_in.planned_end, sign_in.end_passed) = (*end, false);
                    }
                    if on_word_of.is_some() {
                        sign_in.on_word_of.clone_from(on_word_of);
                    }
                    if matches!(sign_in.state, Presence::Overdue | Presence::ConfirmedSafe) {
                        sign_in.state = Presence::OnSite;
                    }
                })
            }
            Event::ConfirmedSafe { sign_in, seen_by } => self.change_sign_in(*sign_in, |sign_in| {
                sign_in.well_at = entry.at;
                sign_in.on_word_of = Some(seen_by.clone());
                if !sign_in.has_ended() && sign_in.state != Presence::SignOffAsked {
                    sign_in.state = Presence::ConfirmedSafe;
                }
            }),
            Event::SignOffAsked { sign_in } => self.change_sign_in(*sign_in, |sign_in| {
                if !sign_in.has_ended() {
                    sign_in.state = Presence::SignOffAsked;
                    sign_in.asked_at = Some(entry.happened());
                    sign_in.asked_received = Some(entry.at);
                    sign_in.answer_passed = false;
                }
            }),
            Event::SignedOff { sign_in, late, on_word_of } => {
                let left_at = entry.happened();
                self.apply_sign_off(entry, *sign_in, left_at, *late, on_word_of.as_ref())
            }
            Event::SignOffAcknowledged { sign_in } => {
                let asked = self.sign_ins.get(sign_in).and_then(|sign_in| sign_in.asked_at);
                let left_at = asked.unwrap_or_else(|| entry.happened());
                self.apply_sign_off(entry, *sign_in, left_at, false, None)
            }
            _ => None,
        };
        let Some(id) = changed else { return };
        touched.extend([Key::SignIn(id), Key::Team]);
        if let Some(sign_in) = self.sign_ins.get(&id) {
            touched.insert(Key::Member(sign_in.member));
        }
    }

    /// Begins a sign-in.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a sign-on comes here")]
    fn apply_sign_on(&mut self, entry: &Entry, event: &Event) -> Option<SignInId> {
        let (id, member, site, planned_end, duty, on_word_of) = match event {
            Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of } => {
                (*sign_in, *member, *site, *planned_end, duty.clone(), on_word_of.clone())
            }
            _ => return None,
        };
        let kind = self.sites.get(&site).map_or(SiteKind::Other, |site| site.kind);
        let state = Presence::OnSite;
        let sign_in = SignIn {
            id,
            member,
            site,
            kind,
            state,
            since: entry.happened(),
            planned_end,
            end_passed: false,
            duty,
            last_act: entry.at,
            well_at: entry.at,
            on_word_of,
            asked_at: None,
            asked_received: None,
            answer_passed: false,
            left_at: None,
            ended_at: None,
        };
        self.members.get_mut(&member)?.signed_in = Some(id);
        self.sign_ins.insert(id, sign_in);
        self.change_sign_in(id, |_| {})
    }

    /// Ends a sign-in. The first record of an end stands; a second is in the log.
    fn apply_sign_off(
        &mut self,
        entry: &Entry,
        id: SignInId,
        left_at: Time,
        late: bool,
        on_word_of: Option<&proto::text::Line>,
    ) -> Option<SignInId> {
        self.change_sign_in(id, |sign_in| {
            if sign_in.has_ended() {
                return;
            }
            sign_in.state = if late { Presence::SignedOffLate } else { Presence::SignedOff };
            sign_in.left_at = Some(left_at);
            sign_in.ended_at = Some(entry.at);
            if on_word_of.is_some() {
                sign_in.on_word_of = on_word_of.cloned();
            }
        });
        let sign_in = self.sign_ins.get(&id)?;
        let member = self.members.get_mut(&sign_in.member)?;
        if member.signed_in == Some(id) {
            member.signed_in = None;
            member.last = Some(id);
        }
        Some(id)
    }

    /// Falls back to "moving" when somebody is at the home or being confirmed again.
    pub(crate) fn reopen_premises(&mut self, touched: &mut Touched) {
        if let Some(state) = self.incident.as_mut().filter(|s| s.stage != IncidentStage::Moving) {
            state.stage = IncidentStage::Moving;
            touched.insert(Key::Incident);
        }
    }
}
