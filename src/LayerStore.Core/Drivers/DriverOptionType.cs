namespace LayerStore.Drivers;

/// <summary>What the values of a <see cref="DriverOption"/> are.</summary>
public enum DriverOptionType
{
    /// <summary>Anything that is not empty: a path, a name.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>, <c>1</c> or <c>0</c>, as Docker reads them.</summary>
    Boolean,

    /// <summary>Bytes; as with Docker's sizes <c>10G</c>, <c>10GB</c> and <c>10GiB</c> are all ten times 1024³.</summary>
    Size,

    /// <summary>A whole number with or without <c>%</c>.</summary>
    Percentage,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>One of <see cref="DriverOption.Values"/>.</summary>
    Choice,
}
