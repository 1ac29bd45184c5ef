//! The funding source: the list's words, the council's record and the agreed value, side by side (A-2.2,
//! R25).

use proto::{
    person::{Funding, FundingSource},
    register::OpenQuestion,
    text::Short,
};

use super::{
    cell::fold,
    column::Field,
    council::{CouncilRecord, FoundBy},
    decisions::{Ask, FundingDecision, FundingWord, Share, about, meaning},
    draft::{Decided, Draft, FaultKind},
    error::Why,
    value::{UNEXPLAINED, explain, is_nothing},
};

impl<'a> Draft<'a> {
    /// Reads the funding source, after the name, the birth date and the NHS number.
    pub(super) fn take_funding(&mut self) -> Result<(), Why> {
        let row = self.source.row;
        let decisions = self.sheet.decisions;
        let decision = decisions.funding.iter().find(|d| d.row == row);
        let record = self.council_record();
        if let Some(decision) = decision {
            fits(decision, self.raw(Field::Funding), self.sheet.council.is_some(), record)?;
        }
        let sent = self.clean(Field::Funding, false);
        let word = meaning(&decisions.words.funding, &sent);
        let mut funding = Funding {
            claimed_by_provider: self.claimed(&sent),
            council_record: record
                .and_then(|record| record.funding)
                .or(decision.and_then(|decision| decision.council_record)),
            ..Funding::default()
        };
        fill(&mut funding, word, record);
        let wrong = contradiction(&sent, word, &funding, record);
        match (wrong, decision) {
            (None, Some(_)) => return Err(about("funding", row, "has nothing left to decide")),
            (None, None) => {}
            (Some(what), decision) => {
                let advice = if word.is_none() && !is_nothing(&sent) {
                    explain("funding")
                } else {
                    "Finance asks both bodies and records what is agreed. Nobody waits for it."
                        .to_owned()
                };
                self.fault(FaultKind::Funding, Field::Funding, what, advice);
                self.questions.insert(OpenQuestion::Funding);
                if let Some(decision) = decision {
                    funding.agreed = Some(decision.agreed);
                    let decided = Decided::of(&decision.decided_by, &decision.reason);
                    self.decide(OpenQuestion::Funding, decided);
                }
            }
        }
        if let Some(word) = word {
            self.reading(Field::Funding, &spoken(word), true);
        }
        self.details.funding = Some(funding);
        Ok(())
    }

    /// Returns the provider's own words.
    fn claimed(&mut self, sent: &str) -> Option<Short> {
        let claimed = Short::parse(sent).ok();
        if claimed.is_none() {
            self.keep(Field::Funding, sent);
        }
        claimed
    }

    /// Returns the council's record of the person, if the council's file was given and has one.
    fn council_record(&mut self) -> Option<&'a CouncilRecord> {
        let council = self.sheet.council?;
        let details = &self.details;
        let found = council.find(
            details.name.as_ref(),
            details.date_of_birth.as_ref(),
            details.nhs_number.as_ref(),
        );
        let Some((record, by)) = found else {
            let what = "the council has no record of this person";
            let advice = "Check name, date of birth and NHS number with the council's records.";
            self.fault(FaultKind::CouncilRecord, Field::Name, what, advice);
            return None;
        };
        let born = details.date_of_birth.as_ref();
        if by == FoundBy::NhsNumber && born.is_some_and(|born| *born != record.date_of_birth) {
            let what = "the council's record with this NHS number has another birth date";
            let advice = "Find out which is right before you act on either.";
            self.fault(FaultKind::CouncilRecord, Field::BirthDate, what, advice);
            self.questions.insert(OpenQuestion::BirthDate);
        }
        Some(record)
    }
}

/// Rejects a decision that was made about other words or another record.
fn fits(
    decision: &FundingDecision,
    raw: &str,
    has_council: bool,
    record: Option<&CouncilRecord>,
) -> Result<(), Why> {
    if fold(decision.provider.as_str()) != fold(raw) {
        return Err(about("funding", decision.row, "was decided when the list had other words"));
    }
    if has_council && record.and_then(|record| record.funding) != decision.council_record {
        let words = "was decided when the council's record said something else";
        return Err(about("funding", decision.row, words));
    }
    Ok(())
}

/// Returns what is unclear or contradictory about the funding source.
fn contradiction(
    sent: &str,
    word: Option<&FundingWord>,
    funding: &Funding,
    record: Option<&CouncilRecord>,
) -> Option<String> {
    let Some(word) = word else {
        let is_missing = is_nothing(sent);
        let what = if is_missing { "is missing" } else { UNEXPLAINED };
        return Some(what.to_owned());
    };
    let says = |source: Option<FundingSource>| source.map_or("nothing", word_of);
    if word.category.0.is_none() {
        let council = says(funding.council_record);
        return Some(format!("does not say who pays; the council's record says {council}"));
    }
    if funding.disagrees() {
        let (list, council) = (says(funding.provider_source), says(funding.council_record));
        return Some(format!("the list says {list}, the council's record says {council}"));
    }
    let record = record?;
    let other = |what| Some(format!("list and council's record differ in {what}"));
    let share = match word.council_share_percent {
        Some(Share::Percent(share)) => Some(share),
        Some(Share::Ask(Ask::CouncilRecord)) | None => record.share,
    };
    let is_other_body =
        matches!(word.category.0, Some(FundingSource::OtherCouncil | FundingSource::OtherNhs));
    let differs = |a: &Short, b: &Short| fold(a.as_str()) != fold(b.as_str());
    let funder = word.funder.as_ref().zip(record.funder.as_ref());
    if share != record.share {
        other("the council's share")
    } else if is_other_body && funder.is_some_and(|(list, council)| differs(list, council)) {
        other("the body that pays")
    } else if word.respite != record.respite {
        other("respite")
    } else if word.section_117 != record.section_117 {
        other("section 117")
    } else {
        None
    }
}

/// Fills in the meaning of the list's word, and what only the record knows.
fn fill(funding: &mut Funding, word: Option<&FundingWord>, record: Option<&CouncilRecord>) {
    funding.provider_source = word.and_then(|word| word.category.0);
    funding.respite = word.is_some_and(|w| w.respite) || record.is_some_and(|r| r.respite);
    funding.section_117 =
        word.is_some_and(|w| w.section_117) || record.is_some_and(|r| r.section_117);
    funding.nursing_contribution = word.is_some_and(|word| word.nursing_contribution);
    let recorded = record.and_then(|record| record.share);
    funding.council_share = match word.and_then(|word| word.council_share_percent) {
        Some(Share::Percent(share)) => Some(share),
        Some(Share::Ask(Ask::CouncilRecord)) | None => recorded,
    };
    let is_other_body = matches!(
        funding.provider_source.or(funding.council_record),
        Some(FundingSource::OtherCouncil | FundingSource::OtherNhs)
    );
    let recorded = record.and_then(|record| record.funder.clone()).filter(|_| is_other_body);
    funding.funder = word.and_then(|word| word.funder.clone()).or(recorded);
}

/// Returns the display name of a funding source.
pub(super) const fn word_of(source: FundingSource) -> &'static str {
    match source {
        FundingSource::ThisCouncil => "this council",
        FundingSource::SelfFunded => "self-funded",
        FundingSource::PersonalBudget => "personal budget",
        FundingSource::NhsChc => "NHS continuing healthcare",
        FundingSource::OtherNhs => "another NHS body",
        FundingSource::Joint => "council and NHS jointly",
        FundingSource::OtherCouncil => "another council",
    }
}

/// Describes the meaning of a funding word.
fn spoken(word: &FundingWord) -> String {
    let mut parts = vec![word.category.0.map_or("does not say who pays", word_of).to_owned()];
    parts.extend(word.funder.as_ref().map(|funder| funder.as_str().to_owned()));
    match word.council_share_percent {
        Some(Share::Percent(share)) => parts.push(format!("council's share {share} per cent")),
        Some(Share::Ask(Ask::CouncilRecord)) => {
            parts.push("council's share as its record has it".to_owned());
        }
        None => {}
    }
    let flags = [
        (word.respite, "respite"),
        (word.section_117, "section 117"),
        (word.nursing_contribution, "nursing contribution"),
    ];
    parts.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag.to_owned()));
    parts.join(", ")
}
