//! QR codes: a link as a picture that a telephone's own camera reads.

use qrcode::{EcLevel, QrCode, render::svg};

/// Returns the picture of a text as SVG, black on white; `None` for a text too long for one.
pub(crate) fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_picture_and_a_book_does_not() {
        let svg = picture("https://muster.example/join#AAAA").unwrap();
        assert!(svg.contains("<svg") && !svg.contains("AAAA"), "{svg}");
        assert!(picture(&"x".repeat(10_000)).is_none());
    }
}
