//! QR codes for links.

use qrcode::{EcLevel, QrCode, render::svg};

/// Renders a text as a black-on-white SVG; `None` if it is too long.
pub(crate) fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_a_qr_code_and_a_book_does_not() {
        let svg = picture("https://muster.example/join#AAAA").unwrap();
        assert!(svg.contains("<svg") && !svg.contains("AAAA"), "{svg}");
        assert!(picture(&"x".repeat(10_000)).is_none());
    }
}
