using System.Net;

namespace OracleNode.Web;

/// <summary>A page could not be had. The message names the host and why, never a path, a query or a key.</summary>
internal sealed class PageException(string message, HttpStatusCode? status = null, PageFailure failure = PageFailure.Status) : Exception(message)
{
    /// <summary>The status, when there was an answer.</summary>
    public HttpStatusCode? Status { get; } = status;

    public PageFailure Failure { get; } = failure;
}

/// <summary>What kind of failure it was.</summary>
internal enum PageFailure
{
    /// <summary>The server answered with a status that is no success.</summary>
    Status = 0,
    /// <summary>No connection, or it broke.</summary>
    Connection,
    /// <summary>Not within the time limit.</summary>
    Timeout,
    /// <summary>Larger than the cap.</summary>
    Oversize,
}
