namespace OracleNode.Vendors;

/// <summary>A market-data vendor whose protocol the node speaks.</summary>
public enum VendorKind
{
    Unknown = 0,
    /// <summary>Massive (formerly Polygon.io), websocket.</summary>
    Massive = 1,
    /// <summary>Alpaca market data v2, websocket.</summary>
    Alpaca = 2,
    /// <summary>Finazon, gRPC, polled.</summary>
    Finazon = 3,
}
