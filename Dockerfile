# Two stages: the SDK publishes, the runtime image gets only the node. Build from the repository's root:
#   docker build -t oracle-node .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /repository
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig appsettings.json ./
COPY src/OracleNode.Core/ src/OracleNode.Core/
COPY src/OracleNode/ src/OracleNode/
COPY src/onchain/evm/build/ src/onchain/evm/build/
COPY src/onchain/solana/build/ src/onchain/solana/build/
RUN dotnet publish src/OracleNode/OracleNode.csproj --configuration Release --self-contained false --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./
# 1654 is the user "app" of the base image: no root, no shell, no package manager.
USER 1654:1654
ENV DOTNET_EnableDiagnostics=0 \
    OracleNode__Health__Listen=http://0.0.0.0:9464
EXPOSE 9464
STOPSIGNAL SIGTERM
# The node asks itself: there is no shell or curl here that could.
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 CMD ["dotnet", "OracleNode.dll", "health"]
ENTRYPOINT ["dotnet", "OracleNode.dll"]
CMD ["run"]
