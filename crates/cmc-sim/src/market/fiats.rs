//! The 93 fiat currencies and 4 metals, under their real ids.

use crate::market::noise;

/// One currency that is not a coin.
#[derive(Debug)]
pub(crate) struct Fiat {
    pub(crate) id: u32,
    pub(crate) symbol: &'static str,
    pub(crate) name: &'static str,
    pub(crate) sign: &'static str,
    /// How much of it a dollar buys on an average day.
    per_dollar: f64,
}

impl Fiat {
    /// Silver, gold, palladium, platinum.
    pub(crate) const fn is_metal(&self) -> bool {
        self.id >= 3574
    }

    /// Its name in the style of a coin's slug.
    pub(crate) fn slug(&self) -> String {
        self.name.to_lowercase().replace(' ', "-")
    }

    /// Dollars for one unit.
    pub(crate) fn rate(&self, seed: u64, step: i64) -> f64 {
        if self.symbol == "USD" {
            return 1.0;
        }
        let (swing, lane) = self.term(seed);
        noise::significant((swing * noise::walk(lane, step)).exp() / self.per_dollar, 9)
    }

    /// How far its rate swings along which walk.
    pub(crate) fn term(&self, seed: u64) -> (f64, u64) {
        let swing = match self.symbol {
            "USD" => 0.0,
            _ if self.is_metal() => 0.08,
            _ => 0.015,
        };
        (swing, noise::mix2(seed, u64::from(self.id)))
    }
}

macro_rules! fiats {
    ($($id:literal $symbol:literal $name:literal $sign:literal $per_dollar:literal;)*) => {
        &[$(Fiat {
            id: $id, symbol: $symbol, name: $name, sign: $sign, per_dollar: $per_dollar,
        }),*]
    };
}

/// In order of id; the metals are last.
#[rustfmt::skip]
pub(crate) const FIATS: &[Fiat] = fiats! {
    2781 "USD" "United States Dollar" "$" 1.0;
    2782 "AUD" "Australian Dollar" "$" 1.53;
    2783 "BRL" "Brazilian Real" "R$" 5.45;
    2784 "CAD" "Canadian Dollar" "$" 1.39;
    2785 "CHF" "Swiss Franc" "Fr" 0.801;
    2786 "CLP" "Chilean Peso" "$" 958.0;
    2787 "CNY" "Chinese Yuan" "¥" 7.12;
    2788 "CZK" "Czech Koruna" "Kč" 20.9;
    2789 "DKK" "Danish Krone" "kr" 6.39;
    2790 "EUR" "Euro" "€" 0.856;
    2791 "GBP" "Pound Sterling" "£" 0.744;
    2792 "HKD" "Hong Kong Dollar" "$" 7.78;
    2793 "HUF" "Hungarian Forint" "Ft" 334.0;
    2794 "IDR" "Indonesian Rupiah" "Rp" 16580.0;
    2795 "ILS" "Israeli New Shekel" "₪" 3.31;
    2796 "INR" "Indian Rupee" "₹" 88.2;
    2797 "JPY" "Japanese Yen" "¥" 149.8;
    2798 "KRW" "South Korean Won" "₩" 1412.0;
    2799 "MXN" "Mexican Peso" "$" 18.4;
    2800 "MYR" "Malaysian Ringgit" "RM" 4.22;
    2801 "NOK" "Norwegian Krone" "kr" 9.98;
    2802 "NZD" "New Zealand Dollar" "$" 1.72;
    2803 "PHP" "Philippine Peso" "₱" 58.1;
    2804 "PKR" "Pakistani Rupee" "₨" 281.5;
    2805 "PLN" "Polish Złoty" "zł" 3.64;
    2806 "RUB" "Russian Ruble" "₽" 82.3;
    2807 "SEK" "Swedish Krona" "kr" 9.41;
    2808 "SGD" "Singapore Dollar" "S$" 1.29;
    2809 "THB" "Thai Baht" "฿" 32.4;
    2810 "TRY" "Turkish Lira" "₺" 41.7;
    2811 "TWD" "New Taiwan Dollar" "NT$" 30.5;
    2812 "ZAR" "South African Rand" "R" 17.3;
    2813 "AED" "United Arab Emirates Dirham" "د.إ" 3.6725;
    2814 "BGN" "Bulgarian Lev" "лв" 1.674;
    2815 "HRK" "Croatian Kuna" "kn" 6.45;
    2816 "MUR" "Mauritian Rupee" "₨" 45.4;
    2817 "RON" "Romanian Leu" "lei" 4.36;
    2818 "ISK" "Icelandic Króna" "kr" 121.4;
    2819 "NGN" "Nigerian Naira" "₦" 1472.0;
    2820 "COP" "Colombian Peso" "$" 3890.0;
    2821 "ARS" "Argentine Peso" "$" 1421.0;
    2822 "PEN" "Peruvian Sol" "S/." 3.45;
    2823 "VND" "Vietnamese Dong" "₫" 26380.0;
    2824 "UAH" "Ukrainian Hryvnia" "₴" 41.4;
    2832 "BOB" "Bolivian Boliviano" "Bs." 6.91;
    3526 "ALL" "Albanian Lek" "L" 82.6;
    3527 "AMD" "Armenian Dram" "֏" 383.0;
    3528 "AZN" "Azerbaijani Manat" "₼" 1.7;
    3529 "BAM" "Bosnia-Herzegovina Convertible Mark" "KM" 1.674;
    3530 "BDT" "Bangladeshi Taka" "৳" 121.7;
    3531 "BHD" "Bahraini Dinar" ".د.ب" 0.377;
    3532 "BMD" "Bermudan Dollar" "$" 1.0;
    3533 "BYN" "Belarusian Ruble" "Br" 3.39;
    3534 "CRC" "Costa Rican Colón" "₡" 503.0;
    3535 "CUP" "Cuban Peso" "$" 24.0;
    3536 "DOP" "Dominican Peso" "$" 62.7;
    3537 "DZD" "Algerian Dinar" "د.ج" 129.6;
    3538 "EGP" "Egyptian Pound" "£" 47.8;
    3539 "GEL" "Georgian Lari" "₾" 2.71;
    3540 "GHS" "Ghanaian Cedi" "₵" 12.4;
    3541 "GTQ" "Guatemalan Quetzal" "Q" 7.66;
    3542 "HNL" "Honduran Lempira" "L" 26.2;
    3543 "IQD" "Iraqi Dinar" "ع.د" 1310.0;
    3544 "IRR" "Iranian Rial" "﷼" 42075.0;
    3545 "JMD" "Jamaican Dollar" "$" 160.5;
    3546 "JOD" "Jordanian Dinar" "د.ا" 0.709;
    3547 "KES" "Kenyan Shilling" "Sh" 129.2;
    3548 "KGS" "Kyrgystani Som" "с" 87.45;
    3549 "KHR" "Cambodian Riel" "៛" 4018.0;
    3550 "KWD" "Kuwaiti Dinar" "د.ك" 0.3062;
    3551 "KZT" "Kazakhstani Tenge" "₸" 544.0;
    3552 "LBP" "Lebanese Pound" "ل.ل" 89550.0;
    3553 "LKR" "Sri Lankan Rupee" "Rs" 302.6;
    3554 "MAD" "Moroccan Dirham" "د.م." 9.12;
    3555 "MDL" "Moldovan Leu" "L" 16.8;
    3556 "MKD" "Macedonian Denar" "ден" 52.7;
    3557 "MMK" "Myanma Kyat" "Ks" 2099.0;
    3558 "MNT" "Mongolian Tugrik" "₮" 3596.0;
    3559 "NAD" "Namibian Dollar" "$" 17.3;
    3560 "NIO" "Nicaraguan Córdoba" "C$" 36.78;
    3561 "NPR" "Nepalese Rupee" "₨" 141.2;
    3562 "OMR" "Omani Rial" "ر.ع." 0.3845;
    3563 "PAB" "Panamanian Balboa" "B/." 1.0;
    3564 "QAR" "Qatari Rial" "ر.ق" 3.64;
    3565 "RSD" "Serbian Dinar" "дин." 100.3;
    3566 "SAR" "Saudi Riyal" "ر.س" 3.7502;
    3567 "SSP" "South Sudanese Pound" "£" 4720.0;
    3568 "TND" "Tunisian Dinar" "د.ت" 2.91;
    3569 "TTD" "Trinidad and Tobago Dollar" "$" 6.78;
    3570 "UGX" "Ugandan Shilling" "Sh" 3437.0;
    3571 "UYU" "Uruguayan Peso" "$" 39.9;
    3572 "UZS" "Uzbekistan Som" "so'm" 12080.0;
    3573 "VES" "Sovereign Bolivar" "Bs." 189.3;
    3574 "XAG" "Silver Troy Ounce" "" 0.0212314225;
    3575 "XAU" "Gold Troy Ounce" "" 0.000257334;
    3576 "XPD" "Palladium Ounce" "" 0.0007993605;
    3577 "XPT" "Platinum Ounce" "" 0.0006203474;
};
