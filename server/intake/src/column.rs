//! The fields that a column of a provider's list can fill, and the column names that mean them.

/// A field that a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Bedroom.
    Room,
    /// Mrs, Mr, Dr.
    Title,
    /// First name.
    FirstName,
    /// Surname.
    Surname,
    /// The whole name in one column.
    Name,
    /// The person's preferred name.
    KnownAs,
    /// Date of birth.
    BirthDate,
    /// NHS number.
    NhsNumber,
    /// The wristband code.
    Wristband,
    /// Man or woman.
    Sex,
    /// The funding source.
    Funding,
    /// The kind of care.
    Care,
    /// The person's mobility.
    Mobility,
    /// Needs, in words.
    Needs,
    /// The line that anyone who handles the person must read.
    HandleSafely,
    /// Friends, couples.
    KeepTogether,
    /// Deprivation of liberty.
    Dols,
    /// Attorney or deputy.
    Attorney,
    /// End of life, resuscitation.
    EndOfLife,
    /// Next of kin.
    NextOfKin,
    /// The next of kin's relationship to the person.
    Relation,
    /// The next of kin's telephone number.
    Telephone,
    /// Notes.
    Notes,
}

/// Every field in report order: its own name, and its other column names, normalised.
const NAMES: [(Field, &str, &str); 23] = [
    (Field::Room, "room", "bedroom|room no|room number|bedroom no|bedroom number|rm|bed"),
    (Field::Title, "title", "mr mrs|salutation"),
    (
        Field::FirstName,
        "first_name",
        "firstname|forename|forenames|given name|given names|christian name",
    ),
    (Field::Surname, "surname", "last name|lastname|family name"),
    (
        Field::Name,
        "name",
        "full name|resident|resident name|name of resident|residents|service user|\
         service user name|client|client name|person|residents name|patient|patient name|name of person",
    ),
    (Field::KnownAs, "known_as", "likes to be called|preferred name|called|aka|nickname"),
    (
        Field::BirthDate,
        "date_of_birth",
        "d o b|dob|birth date|birthdate|birthday|born|date of birth dd mm yyyy",
    ),
    (Field::NhsNumber, "nhs_number", "nhs no|nhs|nhs num|nhsno|nhsnumber|nhs id"),
    (Field::Wristband, "wristband", "wristband code|band|band code"),
    (Field::Sex, "sex", "m f|f m|gender|male female"),
    (Field::Funding, "funding", "funder|funded by|funding source|funding type|who pays|payer"),
    (
        Field::Care,
        "care",
        "type of care|care type|category|care category|registration category|level of care",
    ),
    (Field::Mobility, "mobility", "mobility level|moves|how moves|transfers"),
    (Field::Needs, "needs", "care needs|health needs|main needs|diagnosis|conditions|medical"),
    (Field::HandleSafely, "handle_safely", "handling alert|handling line"),
    (
        Field::KeepTogether,
        "keep_together",
        "friends keep together|friends|friendship group|keep with",
    ),
    (Field::Dols, "dols", "dols active|dols in place"),
    (
        Field::Attorney,
        "attorney",
        "lpa deputy health|lpa deputy|lpa|lpa health|poa|power of attorney|deputy",
    ),
    (Field::EndOfLife, "end_of_life", "eol dnacpr|eol|dnacpr|dnar|dnacpr eol|respect form"),
    (
        Field::NextOfKin,
        "next_of_kin",
        "nok|nok name|next of kin name|name of next of kin|family contact|\
         family contact name|emergency contact|emergency contact name",
    ),
    (
        Field::Relation,
        "relation",
        "relationship|nok relation|nok relationship|relation to resident|next of kin relation|\
         next of kin relationship|family contact relation|emergency contact relation|\
         emergency contact relationship|relationship to resident",
    ),
    (
        Field::Telephone,
        "telephone",
        "nok tel|nok telephone|nok phone|nok number|next of kin tel|next of kin telephone|\
         next of kin phone|next of kin number|next of kin mobile|next of kin contact number|\
         family contact tel|family contact number|emergency contact tel|\
         emergency contact telephone|emergency contact phone|emergency contact number|\
         contact number|tel|phone|telephone number|phone number|mobile",
    ),
    (Field::Notes, "notes", "note|comments|remarks|other information|other"),
];

impl Field {
    /// Returns every field in report order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(field, _, _)| *field)
    }

    /// Returns the field's own name, as mappings write it.
    pub fn word(self) -> &'static str {
        NAMES.iter().find(|(field, _, _)| *field == self).map_or("", |(_, word, _)| word)
    }

    /// Returns the field that a normalised column name means.
    pub fn of(name: &str) -> Option<Self> {
        let means = |word: &str, others: &str| {
            word.replace('_', " ") == name || others.split('|').any(|other| other == name)
        };
        NAMES.iter().find(|(_, word, others)| means(word, others)).map(|(field, _, _)| *field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::fold_name;

    #[test]
    fn no_column_name_maps_to_two_fields() {
        let mut seen = std::collections::BTreeSet::new();
        for (field, word, others) in NAMES {
            assert_eq!(field.word(), word);
            assert!(seen.insert(word.replace('_', " ")), "{word}");
            for other in others.split('|') {
                assert!(seen.insert(other.to_owned()), "{other}");
                assert_eq!(fold_name(other), other, "names are kept folded");
            }
        }
    }

    #[test]
    fn the_column_names_that_homes_use_are_recognised() {
        for (name, field) in [
            ("D.O.B", Field::BirthDate),
            ("NHS No.", Field::NhsNumber),
            ("M/F", Field::Sex),
            ("Friends (keep together)", Field::KeepTogether),
            ("LPA / Deputy (health)", Field::Attorney),
            ("EOL / DNACPR", Field::EndOfLife),
            ("NOK Tel", Field::Telephone),
        ] {
            assert_eq!(Field::of(&fold_name(name)), Some(field), "{name}");
        }
        assert_eq!(Field::of("shoe size"), None);
    }
}
