//! Maps each file's wording for a place's services and user groups to our own values.

use intake::cell::fold_name;
use proto::{
    directory::{Category, ProviderKind},
    person::Care,
};

/// Maps a type of service. Hospitals, surgeries and dentists map to none.
pub(super) fn kind(words: &str) -> Option<ProviderKind> {
    match fold_name(words).as_str() {
        "nursing homes"
        | "nursing home"
        | "care home service with nursing"
        | "care home with nursing" => Some(ProviderKind::Nursing),
        "residential homes"
        | "residential home"
        | "care home service without nursing"
        | "care home without nursing" => Some(ProviderKind::Residential),
        "homecare agencies"
        | "homecare agency"
        | "home care agencies"
        | "domiciliary care service"
        | "domiciliary care" => Some(ProviderKind::HomeCare),
        _ => None,
    }
}

/// Maps a service user band or a specialism.
pub(super) fn category(words: &str) -> Option<Category> {
    let words = fold_name(words);
    Some(match words.as_str() {
        "older people" | "caring for adults over 65 yrs" | "caring for adults over 65 years" => {
            Category::OlderPeople
        }
        "dementia" => Category::Dementia,
        "younger adults"
        | "caring for adults under 65 yrs"
        | "caring for adults under 65 years" => Category::YoungerAdults,
        "learning disabilities"
        | "learning disability"
        | "learning disabilities or autistic spectrum disorder"
        | "learning disabilities or autism spectrum disorder" => Category::LearningDisability,
        "mental health" | "mental health conditions" => Category::MentalHealth,
        "physical disability" | "physical disabilities" => Category::PhysicalDisability,
        "sensory impairment" | "sensory impairments" => Category::SensoryImpairment,
        "people with an eating disorder" | "eating disorders" => Category::EatingDisorder,
        "people who misuse drugs and alcohol" | "substance misuse problems" => Category::Substances,
        "people detained under the mental health act"
        | "caring for people whose rights are restricted under the mental health act" => {
            Category::Detained
        }
        "children 0 18 years" | "caring for children" | "children" => Category::Children,
        "whole population" | "services for everyone" => Category::Everybody,
        _ => return None,
    })
}

/// Returns what a home is registered for, in the room's terms.
pub(super) fn registered_for(kinds: &[ProviderKind], categories: &[Category]) -> Vec<Care> {
    let mut cares = Vec::new();
    if kinds.contains(&ProviderKind::Nursing) {
        cares.push(Care::GeneralNursing);
        if categories.contains(&Category::Dementia) {
            cares.push(Care::DementiaNursing);
        }
    }
    if kinds.contains(&ProviderKind::Residential) {
        cares.push(Care::Residential);
    }
    cares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_files_wording_maps_to_the_same_values() {
        assert_eq!(kind("Nursing homes"), kind("Care home service with nursing"));
        assert_eq!(kind("Residential homes"), Some(ProviderKind::Residential));
        assert_eq!(kind("Homecare agencies"), kind("Domiciliary care service"));
        assert_eq!(kind("Dentist"), None);
        assert_eq!(category("Caring for adults over 65 yrs"), category("Older People"));
        assert_eq!(category("Children 0-18 years"), Some(Category::Children));
        assert_eq!(category("Treatment of disease, disorder or injury"), None);
    }

    #[test]
    fn dementia_maps_to_dementia_nursing_only_in_a_nursing_home() {
        let dementia = [Category::Dementia];
        let both = [ProviderKind::Nursing, ProviderKind::Residential];
        let cares = vec![Care::GeneralNursing, Care::DementiaNursing, Care::Residential];
        assert_eq!(registered_for(&both, &dementia), cares);
        assert_eq!(registered_for(&[ProviderKind::Residential], &dementia), [Care::Residential]);
        assert!(registered_for(&[ProviderKind::HomeCare], &dementia).is_empty());
    }
}
