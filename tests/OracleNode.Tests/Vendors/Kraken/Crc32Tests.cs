namespace OracleNode.Vendors.Kraken;

public class Crc32Tests
{
    [Fact]
    public void Value_OfThePublishedCheckText_IsThePublishedValue()
    {
        var crc = new Crc32();
        Assert.Equal(0u, crc.Value);
        crc.Add("1234"u8);
        crc.Add("56789"u8);
        Assert.Equal(0xCBF4_3926, crc.Value);
    }
}
