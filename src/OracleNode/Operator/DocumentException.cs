namespace OracleNode.Operator;

/// <summary>A document cannot be read or is refused; the message says why and what would be right.</summary>
internal sealed class DocumentException(string message) : Exception(message);
