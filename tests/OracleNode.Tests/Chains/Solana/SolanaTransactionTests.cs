using System.Text.Json.Nodes;

namespace OracleNode.Chains.Solana;

public class SolanaTransactionTests
{
    public static TheoryData<string> Names => [.. Vectors.Transactions["transactions"]!.AsArray().Select(item => (string)item!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sign_VectorOfAnotherClient_GivesTheSameBytes(string name)
    {
        var vector = Vectors.Transactions["transactions"]!.AsArray().Single(item => (string)item!["name"]! == name)!;
        var keys = vector["seeds"]!.AsArray().Select(seed => SolanaKeypair.FromSeed(Vectors.Bytes(seed))).ToArray();
        var instructions = vector["instructions"]!.AsArray().Select(Instruction).ToArray();

        var message = SolanaMessage.Compile(keys[0].Address, Vectors.Address(vector["blockhash"]), instructions, Table(vector["table"]));
        var transaction = SolanaTransaction.Sign(message, keys);

        Assert.Equal(vector["signers"]!.AsArray().Select(Vectors.Address), keys.Select(key => key.Address));
        Assert.Equal(Vectors.Bytes(vector["message"]), message.Bytes);
        Assert.Equal(Vectors.Bytes(vector["wire"]), transaction.Bytes);
        Assert.Equal((string)vector["signature"]!, transaction.Signature);
        Assert.Equal(message.TransactionLength, transaction.Bytes.Length);
    }

    [Fact]
    public void Compile_TableThatHoldsNothingOfIt_IsALegacyMessage()
    {
        using var payer = SolanaKeypair.Generate();
        using var other = SolanaKeypair.Generate();
        SolanaInstruction[] instructions = [new(SolanaPrograms.Ed25519, [AccountUse.Signer(other.Address), AccountUse.Readonly(SolanaPrograms.Token2022)], default)];
        var table = new LookupTable(SolanaPrograms.NativeLoader, [payer.Address, other.Address, SolanaPrograms.Ed25519]);

        Assert.Equal(SolanaMessage.Compile(payer.Address, default, instructions).Bytes, SolanaMessage.Compile(payer.Address, default, instructions, table).Bytes);
    }

    [Fact]
    public void Sign_KeyOfARequiredSignerMissing_NamesIt()
    {
        using var payer = SolanaKeypair.Generate();
        using var other = SolanaKeypair.Generate();
        var message = SolanaMessage.Compile(payer.Address, default, [new SolanaInstruction(default, [AccountUse.Signer(other.Address)], default)]);

        var e = Assert.Throws<ArgumentException>(() => SolanaTransaction.Sign(message, payer));

        Assert.Contains(other.Address.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_LargerThanAPacket_IsRefused()
    {
        using var payer = SolanaKeypair.Generate();
        var overhead = SolanaMessage.Compile(payer.Address, default, [new SolanaInstruction(SolanaPrograms.Ed25519, [], new byte[900])]).TransactionLength - 900;
        SolanaMessage WithData(int length) => SolanaMessage.Compile(payer.Address, default, [new SolanaInstruction(SolanaPrograms.Ed25519, [], new byte[length])]);

        Assert.Equal(1232, SolanaTransaction.Sign(WithData(1232 - overhead), payer).Bytes.Length);
        Assert.Throws<ArgumentException>(() => SolanaTransaction.Sign(WithData(1233 - overhead), payer));
    }

    [Fact]
    public void ComputeBudget_ThreeInstructions_MatchTheVector()
    {
        var expected = Vectors.Transactions["transactions"]![0]!["instructions"]!.AsArray().Take(3).Select(item => Vectors.Bytes(item!["data"]));

        Assert.Equal(expected,
        [
            ComputeBudgetProgram.SetComputeUnitLimit(200_000).Data.ToArray(),
            ComputeBudgetProgram.SetComputeUnitPrice(1_000).Data.ToArray(),
            ComputeBudgetProgram.SetLoadedAccountsDataSizeLimit(262_144).Data.ToArray(),
        ]);
    }

    [Fact]
    public void CreateAccountWithSeed_Vectors_MatchAddressAndData()
    {
        using var payer = SolanaKeypair.FromSeed(Vectors.Bytes(Vectors.Transactions["transactions"]![0]!["seeds"]![0]));
        var vectors = Vectors.Transactions["createAccountWithSeed"]!.AsArray();
        Assert.Equal(3, vectors.Count);
        foreach (var vector in vectors)
        {
            var baseAddress = Vectors.Address(vector!["base"]);
            var seed = (string)vector["seed"]!;
            var owner = Vectors.Address(vector["owner"]);
            Assert.Equal(Vectors.Address(vector["address"]), SolanaAddress.WithSeed(baseAddress, seed, owner));
            if (vector["data"] is null) continue;
            var instruction = SystemProgram.CreateAccountWithSeed(payer.Address, baseAddress, seed, (ulong)vector["lamports"]!, (ulong)vector["space"]!, owner);
            Assert.Equal(Vectors.Bytes(vector["data"]), instruction.Data.ToArray());
            Assert.Equal(baseAddress == payer.Address ? 2 : 3, instruction.Accounts.Count);
            Assert.Equal(AccountUse.Writable(Vectors.Address(vector["address"])), instruction.Accounts[1]);
        }
    }

    private static LookupTable? Table(JsonNode? node) =>
        node is null ? null : new LookupTable(Vectors.Address(node["address"]), [.. node["addresses"]!.AsArray().Select(Vectors.Address)]);

    private static SolanaInstruction Instruction(JsonNode? node) => new(
        Vectors.Address(node!["program"]),
        [.. node["accounts"]!.AsArray().Select(use => new AccountUse(Vectors.Address(use!["address"]), (bool)use["signer"]!, (bool)use["writable"]!))],
        Vectors.Bytes(node["data"]));
}
