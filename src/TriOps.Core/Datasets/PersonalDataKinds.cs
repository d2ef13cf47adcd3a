namespace TriOps.Core.Datasets;

/// <summary>The kinds of personal data that are looked for in column values.</summary>
public static class PersonalDataKinds
{
    /// <summary>An e-mail address.</summary>
    public const string Email = "email";
    /// <summary>A telephone number: international with '+', or with at least two separators.</summary>
    public const string Phone = "phone";
    /// <summary>A payment card's number, 13 to 19 digits with a right Luhn check digit.</summary>
    public const string CreditCard = "credit-card";
    /// <summary>A bank account number by ISO 13616, with right check digits.</summary>
    public const string Iban = "iban";
    /// <summary>An IPv4 or IPv6 address.</summary>
    public const string IpAddress = "ip-address";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Email, Phone, CreditCard, Iban, IpAddress];
}
