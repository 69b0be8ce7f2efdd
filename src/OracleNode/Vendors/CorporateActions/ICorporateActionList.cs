using System.Net.Http.Headers;
using NodaTime;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>A vendor's list of corporate actions: where to ask for it, and what its pages mean. No socket, no state.</summary>
internal interface ICorporateActionList
{
    /// <summary>Where to begin, once for each question.</summary>
    /// <param name="symbols">As the vendor writes them.</param>
    /// <param name="from">First New York date of interest.</param>
    /// <param name="to">Last one.</param>
    IEnumerable<Uri> FirstPages(IReadOnlyList<string> symbols, LocalDate from, LocalDate to);

    /// <summary>Understands a page; null when it is none. No bytes make it throw.</summary>
    /// <param name="page">The bytes.</param>
    /// <param name="asked">Where they came from.</param>
    ActionPage? Read(ReadOnlyMemory<byte> page, Uri asked);

    /// <summary>Adds the key.</summary>
    /// <exception cref="SecretUnavailableException">It cannot be had.</exception>
    void Authorize(HttpRequestHeaders headers);
}
