//! The fiats and metals that prices may be in. Their ids are stable for ever.

use crate::id::CoinId;

/// A fiat or a metal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fiat {
    /// Its id.
    pub id: CoinId,
    /// Its code, upper-case.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its sign; empty for metals.
    pub sign: &'static str,
}

impl Fiat {
    /// Whether it is a metal.
    #[must_use]
    pub const fn is_metal(&self) -> bool {
        self.id.get() >= FIRST_METAL
    }
}

const FIRST_METAL: u32 = 3574;

/// All fiats, then the metals, by id.
#[must_use]
pub const fn all() -> &'static [Fiat] {
    &TABLE
}

/// The fiat or metal of that code, in any case.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Fiat> {
    TABLE.iter().find(|fiat| fiat.code.eq_ignore_ascii_case(code))
}

/// The fiat or metal of that id.
#[must_use]
pub fn by_id(id: CoinId) -> Option<&'static Fiat> {
    let place = TABLE.binary_search_by_key(&id, |fiat| fiat.id).ok()?;
    TABLE.get(place)
}

const fn row(id: u32, code: &'static str, name: &'static str, sign: &'static str) -> Fiat {
    Fiat { id: CoinId::new(id), code, name, sign }
}

#[rustfmt::skip]
static TABLE: [Fiat; 97] = [
    row(2781, "USD", "United States Dollar", "$"),
    row(2782, "AUD", "Australian Dollar", "$"),
    row(2783, "BRL", "Brazilian Real", "R$"),
    row(2784, "CAD", "Canadian Dollar", "$"),
    row(2785, "CHF", "Swiss Franc", "Fr"),
    row(2786, "CLP", "Chilean Peso", "$"),
    row(2787, "CNY", "Chinese Yuan", "¥"),
    row(2788, "CZK", "Czech Koruna", "Kč"),
    row(2789, "DKK", "Danish Krone", "kr"),
    row(2790, "EUR", "Euro", "€"),
    row(2791, "GBP", "Pound Sterling", "£"),
    row(2792, "HKD", "Hong Kong Dollar", "$"),
    row(2793, "HUF", "Hungarian Forint", "Ft"),
    row(2794, "IDR", "Indonesian Rupiah", "Rp"),
    row(2795, "ILS", "Israeli New Shekel", "₪"),
    row(2796, "INR", "Indian Rupee", "₹"),
    row(2797, "JPY", "Japanese Yen", "¥"),
    row(2798, "KRW", "South Korean Won", "₩"),
    row(2799, "MXN", "Mexican Peso", "$"),
    row(2800, "MYR", "Malaysian Ringgit", "RM"),
    row(2801, "NOK", "Norwegian Krone", "kr"),
    row(2802, "NZD", "New Zealand Dollar", "$"),
    row(2803, "PHP", "Philippine Peso", "₱"),
    row(2804, "PKR", "Pakistani Rupee", "₨"),
    row(2805, "PLN", "Polish Złoty", "zł"),
    row(2806, "RUB", "Russian Ruble", "₽"),
    row(2807, "SEK", "Swedish Krona", "kr"),
    row(2808, "SGD", "Singapore Dollar", "S$"),
    row(2809, "THB", "Thai Baht", "฿"),
    row(2810, "TRY", "Turkish Lira", "₺"),
    row(2811, "TWD", "New Taiwan Dollar", "NT$"),
    row(2812, "ZAR", "South African Rand", "R"),
    row(2813, "AED", "United Arab Emirates Dirham", "د.إ"),
    row(2814, "BGN", "Bulgarian Lev", "лв"),
    row(2815, "HRK", "Croatian Kuna", "kn"),
    row(2816, "MUR", "Mauritian Rupee", "₨"),
    row(2817, "RON", "Romanian Leu", "lei"),
    row(2818, "ISK", "Icelandic Króna", "kr"),
    row(2819, "NGN", "Nigerian Naira", "₦"),
    row(2820, "COP", "Colombian Peso", "$"),
    row(2821, "ARS", "Argentine Peso", "$"),
    row(2822, "PEN", "Peruvian Sol", "S/."),
    row(2823, "VND", "Vietnamese Dong", "₫"),
    row(2824, "UAH", "Ukrainian Hryvnia", "₴"),
    row(2832, "BOB", "Bolivian Boliviano", "Bs."),
    row(3526, "ALL", "Albanian Lek", "L"),
    row(3527, "AMD", "Armenian Dram", "֏"),
    row(3528, "AZN", "Azerbaijani Manat", "₼"),
    row(3529, "BAM", "Bosnia-Herzegovina Convertible Mark", "KM"),
    row(3530, "BDT", "Bangladeshi Taka", "৳"),
    row(3531, "BHD", "Bahraini Dinar", ".د.ب"),
    row(3532, "BMD", "Bermudan Dollar", "$"),
    row(3533, "BYN", "Belarusian Ruble", "Br"),
    row(3534, "CRC", "Costa Rican Colón", "₡"),
    row(3535, "CUP", "Cuban Peso", "$"),
    row(3536, "DOP", "Dominican Peso", "$"),
    row(3537, "DZD", "Algerian Dinar", "د.ج"),
    row(3538, "EGP", "Egyptian Pound", "£"),
    row(3539, "GEL", "Georgian Lari", "₾"),
    row(3540, "GHS", "Ghanaian Cedi", "₵"),
    row(3541, "GTQ", "Guatemalan Quetzal", "Q"),
    row(3542, "HNL", "Honduran Lempira", "L"),
    row(3543, "IQD", "Iraqi Dinar", "ع.د"),
    row(3544, "IRR", "Iranian Rial", "﷼"),
    row(3545, "JMD", "Jamaican Dollar", "$"),
    row(3546, "JOD", "Jordanian Dinar", "د.ا"),
    row(3547, "KES", "Kenyan Shilling", "Sh"),
    row(3548, "KGS", "Kyrgystani Som", "с"),
    row(3549, "KHR", "Cambodian Riel", "៛"),
    row(3550, "KWD", "Kuwaiti Dinar", "د.ك"),
    row(3551, "KZT", "Kazakhstani Tenge", "₸"),
    row(3552, "LBP", "Lebanese Pound", "ل.ل"),
    row(3553, "LKR", "Sri Lankan Rupee", "Rs"),
    row(3554, "MAD", "Moroccan Dirham", "د.م."),
    row(3555, "MDL", "Moldovan Leu", "L"),
    row(3556, "MKD", "Macedonian Denar", "ден"),
    row(3557, "MMK", "Myanma Kyat", "Ks"),
    row(3558, "MNT", "Mongolian Tugrik", "₮"),
    row(3559, "NAD", "Namibian Dollar", "$"),
    row(3560, "NIO", "Nicaraguan Córdoba", "C$"),
    row(3561, "NPR", "Nepalese Rupee", "₨"),
    row(3562, "OMR", "Omani Rial", "ر.ع."),
    row(3563, "PAB", "Panamanian Balboa", "B/."),
    row(3564, "QAR", "Qatari Rial", "ر.ق"),
    row(3565, "RSD", "Serbian Dinar", "дин."),
    row(3566, "SAR", "Saudi Riyal", "ر.س"),
    row(3567, "SSP", "South Sudanese Pound", "£"),
    row(3568, "TND", "Tunisian Dinar", "د.ت"),
    row(3569, "TTD", "Trinidad and Tobago Dollar", "$"),
    row(3570, "UGX", "Ugandan Shilling", "Sh"),
    row(3571, "UYU", "Uruguayan Peso", "$"),
    row(3572, "UZS", "Uzbekistan Som", "so'm"),
    row(3573, "VES", "Sovereign Bolivar", "Bs."),
    row(3574, "XAG", "Silver Troy Ounce", ""),
    row(3575, "XAU", "Gold Troy Ounce", ""),
    row(3576, "XPD", "Palladium Ounce", ""),
    row(3577, "XPT", "Platinum Ounce", ""),
];

#[cfg(test)]
mod tests;
