namespace OracleNode.VendorServers.Alpaca;

/// <summary>The stream's documented errors.</summary>
internal enum AlpacaError
{
    None = 0,
    InvalidSyntax = 400,
    NotAuthenticated = 401,
    AuthenticationFailed = 402,
    AlreadyAuthenticated = 403,
    AuthenticationTimeout = 404,
    SymbolLimitExceeded = 405,
    ConnectionLimitExceeded = 406,
    SlowClient = 407,
    InvalidSubscribeAction = 410,
}
